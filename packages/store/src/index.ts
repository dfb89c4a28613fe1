export type { DatabaseOptions as StoreOptions } from "./database.js";
export {
  type FeatureDescription,
  featureCatalogue,
} from "./features/catalogue.js";
export { type AmountOptions, amountOf, bareNumber } from "./flat/amounts.js";
export { type DateOrder, daysOf, twoWayParts } from "./flat/days.js";
export { type FlatFile, type FlatFileOptions, openFlatFile } from "./flat/flat-file.js";
export { armOf, drawOf } from "./holdout/draw.js";
export { openStore } from "./store.js";
export type { Contracts, ContractsOptions } from "./types/contracts.js";
export type {
  EventRule,
  FeatureOptions,
  FeatureTable,
  OrderCounts,
  OrderDays,
  OrderDaysOptions,
  Reached,
  ReachedOptions,
} from "./types/features.js";
export type {
  Delivery,
  Figures,
  FiguresOptions,
  Group,
  Move,
  RankCell,
  ScoredField,
  Spread,
  TimelineEntry,
} from "./types/figures.js";
export type {
  AssignedArm,
  DecisionLog,
  Decisions,
  HoldOutResult,
  Holdout,
  HoldoutArm,
  HoldoutArms,
  HoldoutDefinition,
  Outcomes,
  OutcomesOptions,
  ScoreValues,
} from "./types/holdout.js";
export type {
  ImportKind,
  ImportOptions,
  ImportResult,
  IngestResult,
  Reject,
  Summary,
} from "./types/import.js";
export type {
  Baskets,
  BasketsOptions,
  Interactions,
  InteractionsOptions,
  Items,
} from "./types/interactions.js";
export type {
  ForgetResult,
  FoundContact,
  Labels,
  ProfileColumn,
  Profiles,
  SharedName,
  StoredContact,
} from "./types/people.js";
export { profileColumns } from "./types/people.js";
export type {
  ContactScore,
  Drift,
  Moved,
  PastScores,
  ScoreRows,
  ScoreSummary,
  Scores,
  StoredModel,
} from "./types/scores.js";
export type { Store } from "./types/store.js";
export type {
  MessageTimes,
  Moments,
  MomentsOptions,
  PlannedSends,
  Reachable,
  SendLog,
  StoredSendPlan,
} from "./types/timing.js";
export { momentKinds, sendRefusals } from "./types/timing.js";
export type {
  CampaignSends,
  CampaignSendsOptions,
  Messages,
  MessagesOptions,
} from "./types/words.js";
