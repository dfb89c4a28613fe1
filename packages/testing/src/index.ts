export type {
  StoreCounts,
  StoreFeatures,
  StorePerson,
  StoreScores,
  TestedStore,
  TestStoreOptions,
} from "./store/tested-store.js";
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
export { testStore } from "./test-store.js";
