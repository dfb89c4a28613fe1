export {
  type BoughtPair,
  type BoughtTogetherOptions,
  boughtTogether,
} from "./bought-together.js";
export type { CampaignDriversOptions } from "./drivers/campaign-drivers.js";
export {
  type ExperimentOutcome,
  experimentOutcomes,
  type ShopExperiment,
  type ShopExperimentResult,
} from "./experiment/types.js";
export type { Explained, ExplainedScore } from "./explain.js";
export { heldOut } from "./holdout/held-out.js";
export type { HoldOutSettings } from "./holdout/hold-out.js";
export { cardMarkdown } from "./markdown.js";
export type { PreviewReport } from "./preview.js";
export type {
  Alarm,
  CampaignProof,
  Decided,
  DecideOptions,
  Proof,
  ProofOptions,
  ScorerProof,
} from "./proof/types.js";
export type {
  ReportContact,
  ReportData,
  ReportOptions,
  ReportScorer,
} from "./report-data/types.js";
export type {
  Answers,
  History,
  Outcome,
  Preview,
  PreviewOptions,
  Scorer,
  Trained,
  TrainOptions,
} from "./scorer.js";
export { type ChurnOptions, churn } from "./scorers/churn.js";
export type { ChurnEvent } from "./scorers/churn-question.js";
export { type ContractChurnOptions, contractChurn } from "./scorers/contract-churn.js";
export type { ContractTable } from "./scorers/contract-churn-table.js";
export { type FrequencyScorerOptions, frequency } from "./scorers/frequency.js";
export { type LeadScoreOptions, leadScore } from "./scorers/lead-score.js";
export { type NextOrderOptions, nextOrder } from "./scorers/next-order.js";
export { recommend } from "./scorers/recommend.js";
export type { RecommendOptions } from "./scorers/recommend-options.js";
export type { CatalogueItem, ListRules } from "./scorers/recommend-rules.js";
export {
  type ItemEvent,
  openRecommender,
  type Recommended,
  type RecommendedItem,
  type Recommender,
  type RecommenderKind,
  type SimilarItem,
} from "./scorers/recommender.js";
export { type SegmentName, segmentNames, segmentOf } from "./scorers/segment-names.js";
export { type SegmentsOptions, segments } from "./scorers/segments.js";
export { type SendTimeOptions, sendTime } from "./scorers/send-time.js";
export { type TimeZoneOptions, timeZone } from "./scorers/time-zone.js";
export { type UpliftScorerOptions, uplift } from "./scorers/uplift.js";
export { type ValueOptions, value } from "./scorers/value.js";
export type {
  EvaluateSendsOptions,
  SendChoice,
  SendEvaluation,
  SendPolicy,
} from "./send-plan/evaluate-sends.js";
export {
  type ExportOptions,
  sendPlanCsv,
  sendPlanNames,
  type TimeZoneSegment,
  timeZoneSegments,
} from "./send-plan/export.js";
export {
  armNames,
  type SendPlan,
  type SendPlanAudience,
  type SendPlanCampaign,
} from "./send-plan/types.js";
export type { ContactPlace, ResolvedZone, ZoneResolver } from "./timing/types.js";
export type { InboxMessage, MessageDesk } from "./words/messages/inbox.js";
export { messageFeatures } from "./words/messages/message-features.js";
export { messages } from "./words/messages/messages.js";
export type {
  ApprovedReply,
  LabelledText,
  MessageAnswer,
  MessageCard,
  MessageReader,
  MessagesOptions,
  Priority,
  ReadMessage,
  Route,
} from "./words/messages/types.js";
export { copy, subjectLine } from "./words/subject-line.js";
export { suggestSubjects } from "./words/suggest/suggest-subjects.js";
export type {
  BrandRules,
  SubjectBrief,
  SubjectCandidate,
  Suggestions,
  SuggestOptions,
} from "./words/suggest/types.js";
export type {
  CopyOptions,
  EvidenceGrade,
  GradedWord,
  LineScorer,
  LinesOptions,
  ScoredLine,
  SegmentWords,
  WordsContext,
} from "./words/types.js";
export {
  openWorkspace,
  type PullOptions,
  type TrainReport,
  type Workspace,
  type WorkspaceOptions,
} from "./workspace.js";
