export type {
  Account,
  Adapter,
  Allowance,
  CallContext,
  CheckItem,
  Gate,
  GateRequest,
  Identified,
  Lane,
} from "./account.js";
export type {
  Backtest,
  CardBase,
  Measured,
  ModelCard,
  ProbabilityCard,
  QuantityCard,
  QuantityMetrics,
  RankingCard,
  RankingMetrics,
  UpliftModelCard,
} from "./card.js";
export type {
  Destination,
  Field,
  FieldValue,
  FieldValues,
  ListsMade,
  Prepared,
  WriteOutcome,
  WriteRow,
} from "./destination.js";
export { type ErrorCode, InchwormError } from "./errors.js";
export type { DeadLetter, Ledger, Plan, PlanInput, PlanRow, PlanState } from "./ledger.js";
export type { OnProgress, Progress } from "./progress.js";
export {
  type Campaign,
  type Consent,
  type Contact,
  type Contract,
  campaignKinds,
  type Engagement,
  type EngagementType,
  engagementTypes,
  type Identity,
  type Instant,
  type Item,
  type ItemKind,
  itemKinds,
  type Message,
  type Order,
  type OrderLine,
  type RecordKind,
  type Records,
} from "./records.js";
export type { Cursor, Page, ReadOptions, RecordBatch, Source } from "./source.js";
