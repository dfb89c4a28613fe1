import type { Cursor, Instant, Ledger, Page } from "@inchworm/spec";
import type { Contracts, ContractsOptions } from "./contracts.js";
import type {
  FeatureOptions,
  FeatureTable,
  OrderCounts,
  OrderDays,
  OrderDaysOptions,
  Reached,
  ReachedOptions,
} from "./features.js";
import type { Figures, FiguresOptions, TimelineEntry } from "./figures.js";
import type {
  AssignedArm,
  DecisionLog,
  Decisions,
  HoldOutResult,
  Holdout,
  HoldoutArms,
  HoldoutDefinition,
  Outcomes,
  OutcomesOptions,
  ScoreValues,
} from "./holdout.js";
import type {
  ImportKind,
  ImportOptions,
  ImportResult,
  IngestResult,
  Reject,
  Summary,
} from "./import.js";
import type {
  Baskets,
  BasketsOptions,
  Interactions,
  InteractionsOptions,
  Items,
} from "./interactions.js";
import type {
  ForgetResult,
  FoundContact,
  Labels,
  ProfileColumn,
  Profiles,
  SharedName,
  StoredContact,
} from "./people.js";
import type {
  ContactScore,
  PastScores,
  ScoreRows,
  ScoreSummary,
  Scores,
  StoredModel,
} from "./scores.js";
import type {
  MessageTimes,
  Moments,
  MomentsOptions,
  PlannedSends,
  Reachable,
  SendLog,
  StoredSendPlan,
} from "./timing.js";
import type { CampaignSends, CampaignSendsOptions, Messages, MessagesOptions } from "./words.js";

/** Where history lives: one file, one writing process. Every change is a transaction; what is acknowledged survives a `kill -9`. */
export interface Store extends Ledger {
  readonly path: string;

  /**
   * Reads a CSV, Parquet or NDJSON file, gzipped or not, into the tables. The same file twice changes nothing. A bad row goes to
   * the `rejects` table; the file is one transaction.
   *
   * @throws InchwormError "input": no such file, a directory, an empty file, a column that is not there (with the columns that
   *   are), or too many rejects, in which case nothing is kept
   */
  importFile(kind: ImportKind, file: string, options?: ImportOptions): Promise<ImportResult>;

  /** Stores a page of a source and its cursor in one transaction. Records are keyed: repeats change nothing. */
  ingest(
    source: { readonly name: string; readonly system: string },
    page: Page,
  ): Promise<IngestResult>;
  cursor(source: string): Promise<Cursor | undefined>;

  /** Counts; `first` and `last` look only at what happened before `until`. */
  summary(until?: Instant): Promise<Summary>;

  /**
   * What was known of each contact at `asOf`: one row per contact that existed then and has not opted out of profiling, in
   * ascending contact order. Looks at nothing that happened at or after `asOf`.
   */
  features(options: FeatureOptions): Promise<FeatureTable>;
  /** Orders (with a positive total) in `[from, to)`, for contacts that have one, in ascending contact order. */
  ordersBetween(from: Instant, to: Instant): Promise<OrderCounts>;
  /**
   * The days on which each contact ordered (with a positive total) before `asOf`, and not before `from`: contacts that have any
   * and have not opted out of profiling, in ascending order.
   */
  orderDays(options: OrderDaysOptions): Promise<OrderDays>;
  /**
   * Who did any of `events` in `[from, to)`, and when first: contacts who have not opted out of profiling, in ascending order.
   * What machines opened or clicked never counts.
   *
   * @throws InchwormError "input" when an event asks for what its type does not have
   */
  reached(options: ReachedOptions): Promise<Reached>;
  /**
   * What each contact did with each item before `asOf`: one entry per pair, ascending by contact, then by item. Returned goods do
   * not count as bought, what machines opened or clicked counts for nothing, and nobody who has opted out of profiling is among them.
   *
   * @throws InchwormError "input" for a weight that is none
   */
  interactions(options: InteractionsOptions): Promise<Interactions>;
  /**
   * The same in parts, as of one moment: so many people's pairs at a time, whatever their number. People ascend from part to part;
   * all have the same `ids`. There is at least one.
   *
   * @throws InchwormError "input" for a weight that is none
   */
  interactionParts(options: InteractionsOptions): AsyncIterable<Interactions>;
  /**
   * Which products were in one order, of everybody who has not opted out of profiling and of anonymous buyers. What came back within
   * the order does not count; orders of more than 100 different items say nothing of pairs.
   */
  baskets(options: BasketsOptions): Promise<Baskets>;
  /** The catalogue as it stands today, in the order of ids. Items that orders and events merely mention are not in it. */
  items(): Promise<Items>;
  /**
   * When each contact was sent something, and did something, before `asOf`: contacts who have any and have not opted out of
   * profiling. Transactional messages, and what answers them, are left out.
   */
  moments(options: MomentsOptions): Promise<Moments>;
  /** Who may be sent a campaign on a channel, as it stands today; who unsubscribed may again once they have said yes later. */
  reachable(options: {
    readonly channel: string;
    readonly campaign: string;
    /** What is planned for before it counts as sent. */
    readonly now: Instant;
  }): Promise<Reachable>;
  /**
   * Messages in `[from, to)`, for caps: planned ones count as long as no "sent" of the same campaign is known. Plans for `except` are
   * left out.
   */
  messageTimes(options: {
    readonly from: Instant;
    readonly to: Instant;
    readonly except?: string;
    readonly signal?: AbortSignal;
  }): Promise<MessageTimes>;
  /**
   * Draws arms for everybody who has none yet and may be profiled, and keeps them: an arm once given stays, whatever becomes of names,
   * records and shares. `renew` draws everybody anew as a further version; earlier ones are kept. When contacts of two arms prove to be
   * one person, the earlier assignment stands and the conflict is counted.
   *
   * @throws InchwormError "input" for a definition that is none, or another than the one that stands; "not-found" for a `within` that is not there
   */
  holdOut(
    definition: HoldoutDefinition,
    options: { readonly now: Instant; readonly renew?: boolean },
  ): Promise<HoldOutResult>;
  /** The latest version of every holdout, in the order they were made. */
  holdouts(): Promise<readonly Holdout[]>;
  /** Who is in which arm of the latest version; nobody who has opted out of profiling is among them. @throws InchwormError "not-found" */
  holdoutArms(name: string): Promise<HoldoutArms>;
  /** Every arm that a person was ever given. */
  armsOf(contact: number): Promise<readonly AssignedArm[]>;
  /** The numbers that a scorer gives in a field; `undefined` where it has not scored. */
  scoreValues(scorer: string, field: string): Promise<ScoreValues | undefined>;
  /** Keeps what was done for whom, or left undone, by which score. */
  logDecisions(decisions: Decisions): Promise<void>;
  /** Decisions made before `asOf`, by campaign, the first one first. */
  decisionLog(options: { readonly asOf: Instant }): Promise<readonly DecisionLog[]>;
  /** What contacts did after, and before, each one's own instant. */
  outcomes(options: OutcomesOptions): Promise<Outcomes>;
  /** Keeps a plan. What earlier plans of its campaign had for later than `createdAt` is dropped. */
  saveSends(plan: StoredSendPlan, sends: PlannedSends): Promise<void>;
  /** What became of planned messages by then, those of one campaign or of all; nobody who has opted out of profiling is among them. */
  sendLog(options: { readonly asOf: Instant; readonly campaign?: string }): Promise<SendLog>;
  /**
   * Who was sent which campaign before `asOf`, and whether they opened it or clicked: contacts who have not opted out of profiling.
   * What machines opened and clicked counts for nothing, transactional campaigns and those that no record describes are left out.
   *
   * @throws InchwormError "input" for an instant that is none
   */
  campaignSends(options: CampaignSendsOptions): Promise<CampaignSends>;
  /** What customers who have not opted out of profiling wrote before `asOf`. */
  messages(options: MessagesOptions): Promise<Messages>;
  /** What contacts who have not opted out of profiling are known by, as it stands today, in ascending contact order. */
  profiles(options: { readonly columns: readonly ProfileColumn[] }): Promise<Profiles>;
  /**
   * Contracts that had begun before `asOf`, as they were known then, of people who have not opted out of profiling: one entry per
   * contract and term, ascending by contact, then by the contract's start, then by the term's.
   */
  contracts(options: ContractsOptions): Promise<Contracts>;
  /** What people said of others' outcomes for a scorer; see `Labels`. Nobody who has opted out of profiling is among them. */
  labels(scorer: string): Promise<Labels>;

  saveModel(model: StoredModel, seen: Int32Array): Promise<void>;
  /** The latest model of a scorer. */
  model(scorer: string): Promise<StoredModel | undefined>;
  /** The latest model of every scorer, in the order they were trained. */
  models(): Promise<readonly StoredModel[]>;
  /** Replaces all scores of a scorer. */
  saveScores(scores: Scores): Promise<void>;
  /** The same with answers that come a part at a time, as they are made. When one fails, the scores that were there stay. */
  saveScoreParts(
    scores: Pick<Scores, "scorer" | "modelId" | "asOf">,
    parts: AsyncIterable<ScoreRows>,
  ): Promise<void>;
  /**
   * Keeps scores for judging them later: at most one day's in seven of each scorer, for at most 400 days. The same day again takes
   * the place of what was kept of it.
   */
  keepScores(scores: PastScores): Promise<void>;
  /** The latest kept scores of a scorer whose days had passed by then, of people who are still here and allow profiling. */
  pastScores(scorer: string, by: Instant): Promise<PastScores | undefined>;
  /** Every score of one contact. */
  scoresOf(contact: number): Promise<readonly ContactScore[]>;
  /** Counts of scored and abstained contacts per scorer and per value of its category fields. */
  scoreSummary(): Promise<readonly ScoreSummary[]>;
  /** Counts and sums of scores, segments, pushes and changes, for a report: aggregated here, whatever the number of contacts. */
  figures(options: FiguresOptions): Promise<Figures>;
  /** What one contact did, and was sent, the latest first; at most `limit`. Defaults to 50. */
  timeline(contact: number, limit?: number): Promise<readonly TimelineEntry[]>;

  /** Contacts by e-mail address, or by another identity written `system:id`. */
  find(person: string): Promise<FoundContact | undefined>;
  /** Who stands several times in one system, for somebody to look at: nobody guesses which record is meant. */
  sharedNames(): Promise<readonly SharedName[]>;
  /** Removes a person from history, features, scores, ledger and outbox, keeps them from coming back, and names the models that had seen them. */
  forget(contact: number): Promise<ForgetResult>;

  /** Contacts for filling a stand-in or an export, in ascending order. */
  contacts(options?: { readonly batch?: number }): AsyncIterable<readonly StoredContact[]>;
  rejects(limit?: number): Promise<readonly Reject[]>;

  close(): Promise<void>;
}
