export type { DatabaseOptions as StoreOptions } from "./database.js";
export {
  type FeatureDescription,
  featureCatalogue,
} from "./features/catalogue.js";
export { type DateOrder, daysOf, twoWayParts } from "./flat/days.js";
export { type FlatFile, type FlatFileOptions, openFlatFile } from "./flat/flat-file.js";
export { openStore } from "./store.js";
export type {
  Baskets,
  BasketsOptions,
  ContactScore,
  Contracts,
  ContractsOptions,
  Drift,
  EventRule,
  FeatureOptions,
  FeatureTable,
  ForgetResult,
  FoundContact,
  ImportKind,
  ImportOptions,
  ImportResult,
  IngestResult,
  Interactions,
  InteractionsOptions,
  Items,
  Labels,
  Moments,
  MomentsOptions,
  Moved,
  OrderCounts,
  OrderDays,
  OrderDaysOptions,
  PastScores,
  ProfileColumn,
  Profiles,
  Reached,
  ReachedOptions,
  Reject,
  ScoreSummary,
  Scores,
  Store,
  StoredContact,
  StoredModel,
  Summary,
} from "./types.js";
export { momentKinds, profileColumns } from "./types.js";
