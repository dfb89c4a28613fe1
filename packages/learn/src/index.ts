export { LearnError, type LearnErrorCode } from "./error.js";
export { type Random, random } from "./random.js";
export { takeRows } from "./table.js";
export type {
  Artifact,
  Column,
  Estimator,
  Explanation,
  FitOptions,
  Model,
  Table,
} from "./types.js";
