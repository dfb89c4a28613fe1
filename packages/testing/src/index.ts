export {
  type DestinationSubject,
  type TestDestinationOptions,
  testDestination,
} from "./test-destination.js";
export {
  type EstimatorColumn,
  type EstimatorModel,
  type EstimatorTable,
  type TestEstimatorOptions,
  type TestedEstimator,
  testEstimator,
} from "./test-estimator.js";
export { type SourceSubject, type TestSourceOptions, testSource } from "./test-source.js";

export {
  type StoreCounts,
  type StoreFeatures,
  type StorePerson,
  type StoreScores,
  type TestedStore,
  type TestStoreOptions,
  testStore,
} from "./test-store.js";
