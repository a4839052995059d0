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
  SearchError,
  type SearchRange,
  type SearchSpace,
  uniform,
} from "./space";
