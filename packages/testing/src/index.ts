export {
  type EstimatorColumn,
  type EstimatorModel,
  type EstimatorTable,
  type TestEstimatorOptions,
  type TestedEstimator,
  testEstimator,
} from "./test-estimator.js";
