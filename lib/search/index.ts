export {
  bestTrial,
  gridSearch,
  type Objective,
  randomSearch,
  type SearchOptions,
  type Trial,
} from "./search";
export {
  type Configuration,
  drawFrom,
  gridOf,
  logUniform,
  type Range,
  SearchError,
  type SearchSpace,
  uniform,
} from "./space";
