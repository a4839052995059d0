export { type FollowOptions, follow, type TrainingDisplay } from "./follow";
export { type WriteSamples, type WriteSamplesOptions, writeSamples } from "./samples";
export { type UpdateRatioOptions, updateRatios } from "./updateRatios";
