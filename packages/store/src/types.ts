import type {
  Campaign,
  Cursor,
  EngagementType,
  FieldValue,
  Instant,
  ItemKind,
  Ledger,
  ModelCard,
  OnProgress,
  Page,
  RecordKind,
} from "@inchworm/spec";

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
  /** Keeps a plan. What earlier plans of its campaign had for later than `createdAt` is dropped. */
  saveSends(plan: StoredSendPlan, sends: PlannedSends): Promise<void>;
  /** What became of planned messages by then, those of one campaign or of all; nobody who has opted out of profiling is among them. */
  sendLog(options: { readonly asOf: Instant; readonly campaign?: string }): Promise<SendLog>;
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

  /** Contacts by e-mail address, or by another identity written `system:id`. */
  find(person: string): Promise<FoundContact | undefined>;
  /** Removes a person from history, features, scores, ledger and outbox, keeps them from coming back, and names the models that had seen them. */
  forget(contact: number): Promise<ForgetResult>;

  /** Contacts for filling a stand-in or an export, in ascending order. */
  contacts(options?: { readonly batch?: number }): AsyncIterable<readonly StoredContact[]>;
  rejects(limit?: number): Promise<readonly Reject[]>;

  close(): Promise<void>;
}

export type ImportKind =
  | "contacts"
  | "orders"
  | "engagements"
  | "consents"
  | "items"
  | "campaigns"
  | "contracts"
  /** What people say became of somebody, for a scorer's training. Names people who are here; makes none. */
  | "labels";

export interface ImportOptions {
  /** Our field → the file's column, such as `{ customer: "Customer ID" }`. Unmapped fields are found by common names. */
  readonly map?: Readonly<Record<string, string>>;
  /** strptime format of dates, such as "%d/%m/%Y %H:%M". Defaults to ISO and the common unambiguous forms. */
  readonly dateFormat?: string;
  /** IANA zone of dates without an offset. Defaults to "UTC". */
  readonly timeZone?: string;
  /** Currency of amounts without one. */
  readonly currency?: string;
  /** Column separator of a CSV file. Defaults to what the file looks like. */
  readonly separator?: string;
  /** "." or ",". Defaults to ".". */
  readonly decimal?: "." | ",";
  /** Share of rejected rows above which nothing is kept, 0 to 1. Defaults to 0.05, and to 0.5 for labels, whose files are short. */
  readonly maxRejects?: number;
  /** Namespace of the customer ids. Defaults to "customer". */
  readonly system?: string;
  /** Of labels: the scorers that there are; a row for another is rejected. Defaults to taking any name. */
  readonly scorers?: readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  readonly file: string;
  readonly rows: number;
  /** Records that were not there before. */
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Records that were there and now say something else. */
  readonly updated: number;
  /** Rows of people who asked to be forgotten: dropped, and not named among the rejects. */
  readonly forgotten: number;
  /** Order lines without a customer: kept for items, counted for nobody. */
  readonly anonymous: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Which column served which field. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Records of all kinds, people that orders and events merely mention among them. */
export interface IngestResult {
  readonly added: number;
  readonly updated: number;
  /** Records of people who asked to be forgotten: dropped. */
  readonly forgotten: number;
}

export interface Reject {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

export interface Summary {
  readonly contacts: number;
  readonly orders: number;
  readonly engagements: number;
  /** Orders, order lines and engagements together. */
  readonly events: number;
  readonly profilingDenied: number;
  /** Currencies that orders name, the most frequent first. */
  readonly currencies: readonly string[];
  /** First and last instant of any order, engagement or contract; `first` of contracts only where there is nothing else. */
  readonly first?: Instant;
  readonly last?: Instant;
  readonly rows: Readonly<Record<RecordKind, number>>;
}

export interface FeatureOptions {
  readonly asOf: Instant;
  /** Only contacts with an order (of positive total) in `[orderedSince, asOf)`. */
  readonly orderedSince?: Instant;
  /** Only these columns. Defaults to all. */
  readonly columns?: readonly string[];
  /** Only about this share of the contacts, 0 to 1, the same ones every time. Defaults to all of them. */
  readonly sample?: number;
  /** Of those, only so many, again the same ones as long as the rest is the same. Far quicker than to compute all and leave some out. */
  readonly atMost?: number;
  readonly signal?: AbortSignal;
}

/** Structurally a `Table` of `@inchworm/learn`, with the contact of every row. */
export interface FeatureTable {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: "number";
    readonly values: Float32Array;
  }[];
}

export interface OrderCounts {
  readonly contacts: Int32Array;
  readonly orders: Int32Array;
  readonly spend: Float64Array;
}

export interface OrderDaysOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly from?: Instant;
  /** See `FeatureOptions`. */
  readonly sample?: number;
  readonly signal?: AbortSignal;
}

/** Several orders on one UTC day are one day with an order. */
export interface OrderDays {
  readonly contacts: Int32Array;
  /** Where each contact's days begin; one more than contacts. */
  readonly offsets: Int32Array;
  /** Days since 1970-01-01, ascending within a contact. */
  readonly days: Int32Array;
  /** Spent on each of the days, returns not taken off. */
  readonly spend: Float64Array;
}

/** Something a person can do. All that is given must hold. */
export interface EventRule {
  /** "order": one with a positive total. A machine's opens and clicks never count. */
  readonly type: "order" | EngagementType;
  /** Of an engagement: its campaign, or the form that was submitted. */
  readonly campaign?: string;
  /** An item's id: ordered, viewed, put into a cart. */
  readonly item?: string;
  /** The category of the item. */
  readonly category?: string;
  /** Of an order: a total of at least so much. */
  readonly minTotal?: number;
}

export interface ReachedOptions {
  readonly events: readonly EventRule[];
  readonly from: Instant;
  readonly to: Instant;
  readonly signal?: AbortSignal;
}

export interface Reached {
  readonly contacts: Int32Array;
  /** The first instant in the span at which each contact did any of it. */
  readonly first: Float64Array;
}

export interface InteractionsOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Items of this kind only. To an offer also counts what people did with the campaigns that made it. */
  readonly kind: ItemKind;
  /**
   * What each sort of event counts for, ≥ 0; others are not looked at. The n-th of a sort counts less: n of them 1 + ln n times. One
   * of weight 0 only has its time told.
   */
  readonly weights: Readonly<Partial<Record<"order" | EngagementType, number>>>;
  /** Only what this contact did. Defaults to everybody. */
  readonly contact?: number;
  /** See `FeatureOptions`. */
  readonly sample?: number;
  /** Events counted at a time, about: a part is of so many. Defaults to 8 million. */
  readonly atATime?: number;
  readonly signal?: AbortSignal;
}

/** Pairs of a contact and an item; the arrays from `rows` on have one value per pair. */
export interface Interactions {
  /** Who has any pair, ascending. */
  readonly contacts: Int32Array;
  /** Where each contact's pairs begin; one more than contacts. */
  readonly offsets: Int32Array;
  /** Ids of items in the order of their code points. */
  readonly ids: readonly string[];
  /** Place in `contacts`. */
  readonly rows: Int32Array;
  /** Place in `ids`. */
  readonly items: Int32Array;
  readonly weights: Float32Array;
  /** The last event, UTC milliseconds. */
  readonly times: Float64Array;
  /** How often it was bought, at most once a day; 0 where everything was returned. */
  readonly bought: Int32Array;
  /** Day of the last purchase, since 1970-01-01; 0 where `bought` is. */
  readonly boughtOn: Int32Array;
}

export interface ContractsOptions {
  readonly asOf: Instant;
  readonly signal?: AbortSignal;
}

/** One value per contract and term. */
export interface Contracts {
  readonly rows: number;
  readonly contacts: Int32Array;
  /** The number of the contract, from 0; its terms stand together. */
  readonly contracts: Int32Array;
  /** When the contract began. */
  readonly start: Float64Array;
  /** From when to when the term's plan and price held; of the latest term `Infinity`. The first one that is known counts from the start. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** When it was cancelled in this term, or ended without being renewed; `NaN` where neither had happened before `asOf`. */
  readonly left: Float64Array;
  /** Places in `plans`, -1 = not known. */
  readonly plan: Int32Array;
  /** Plans of days before `asOf` in the order of their code points. */
  readonly plans: readonly string[];
  /** `NaN` where it is not known. */
  readonly price: Float32Array;
}

export interface BasketsOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Only pairs that were together at least so often. Defaults to 3. */
  readonly least?: number;
  readonly signal?: AbortSignal;
}

export interface Baskets {
  /** Orders with any product. */
  readonly baskets: number;
  /** Products in the order of their code points, and in how many orders each was. */
  readonly ids: readonly string[];
  readonly counts: Int32Array;
  /** One entry per pair, ascending: places in `ids`, the first below the second, and in how many orders both were. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly together: Int32Array;
}

/** One value per item, unless said otherwise. */
export interface Items {
  readonly ids: readonly string[];
  /** The id, where there is no name. */
  readonly names: readonly string[];
  readonly kinds: readonly ItemKind[];
  /** Absent where not known. */
  readonly categories: readonly (string | undefined)[];
  readonly brands: readonly (string | undefined)[];
  /** The only country or region that can have it; absent where all can. */
  readonly regions: readonly (string | undefined)[];
  /** `NaN` where not known. */
  readonly prices: Float64Array;
  readonly margins: Float64Array;
  readonly costs: Float64Array;
  /** 1 = can be had today. */
  readonly available: Uint8Array;
}

/** What people were sent and did, told apart by what it says of their hours. `machine`: whatever machines opened or clicked. */
export const momentKinds = [
  "sent",
  "open",
  "click",
  "reply",
  /** A visit, a view, a cart or a form. */
  "visit",
  "order",
  "unsubscribe",
  "complaint",
  "bounce",
  "machine",
] as const;

export interface MomentsOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Messages of other channels are left out, and answers to them. One whose campaign is not known counts. Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** See `FeatureOptions`. */
  readonly sample?: number;
  readonly signal?: AbortSignal;
}

/** Entries of contact c are `offsets[c]` up to but not including `offsets[c + 1]`, in no order. */
export interface Moments {
  /** Who has any, ascending. */
  readonly contacts: Int32Array;
  /** One more than contacts. */
  readonly offsets: Int32Array;
  /** Whole seconds since 1970, UTC. */
  readonly seconds: Uint32Array;
  /** Place in `momentKinds`. */
  readonly kinds: Uint8Array;
  /** A number for the campaign, the same within one answer alone; -1 where none is named. */
  readonly campaigns: Int32Array;
}

/** Why somebody is not to be written to; the first is no reason. A place in this list. */
export const sendRefusals = [
  "",
  "no consent",
  "unsubscribed",
  "no address",
  "was sent it already",
] as const;

/** One entry per contact. */
export interface Reachable {
  /** Everybody, ascending. */
  readonly contacts: Int32Array;
  /** Place in `sendRefusals`. */
  readonly refusals: Uint8Array;
  /** 1 = may be profiled; 0 = is to be treated as everybody. */
  readonly profiled: Uint8Array;
  /** Place in `timeZones` of what the platform says; -1 where it says nothing. */
  readonly zones: Int32Array;
  readonly timeZones: readonly string[];
  /** Whether the campaign is known as transactional. */
  readonly transactional: boolean;
}

/** Marketing messages of all channels that were sent, or are planned and not known to have been. Laid out like `Moments`. */
export interface MessageTimes {
  readonly contacts: Int32Array;
  readonly offsets: Int32Array;
  /** UTC milliseconds, ascending within a contact. */
  readonly at: Float64Array;
  /** Place in `names`. */
  readonly channels: Int32Array;
  readonly names: readonly string[];
}

export interface StoredSendPlan {
  readonly id: string;
  readonly campaign: string;
  readonly channel: string;
  /** Plain JSON: the window, quiet hours, caps and seed that the plan was made by. */
  readonly rules: unknown;
  readonly createdAt: Instant;
}

/** One entry per message. */
export interface PlannedSends {
  readonly contacts: Int32Array;
  /** UTC milliseconds. */
  readonly at: Float64Array;
  /** Hour of the week on the contact's clock, 0 = Monday 00:00. */
  readonly localHours: Uint8Array;
  /** Place in `armNames`: by which rule the hour was chosen. */
  readonly arms: Uint8Array;
  readonly armNames: readonly string[];
  /** Chance with which this hour was chosen among those that could have been. */
  readonly propensities: Float64Array;
}

/** Planned messages whose 24 hours are over, and whether a person answered within them. */
export interface SendLog extends PlannedSends {
  /** Place in `campaignNames`. */
  readonly campaigns: Int32Array;
  readonly campaignNames: readonly string[];
  /** 1 = opened, clicked or replied to by a person within 24 hours of the planned time. */
  readonly answered: Uint8Array;
}

export const profileColumns = [
  "country",
  "region",
  "city",
  "postalCode",
  "timeZone",
  "language",
  /** "+" and the first six digits of a number written with its country's code; enough for the country and most areas. */
  "phonePrefix",
] as const;
export type ProfileColumn = (typeof profileColumns)[number];

/** Structurally a `Table` of `@inchworm/learn`, with the contact of every row. */
export interface Profiles {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: readonly {
    readonly name: ProfileColumn;
    readonly kind: "category";
    /** -1 = not known. */
    readonly codes: Int32Array;
    /** In the order of their code points. */
    readonly levels: readonly string[];
  }[];
}

/**
 * Outcomes that a person corrected or added, such as "this one did not churn": one entry per contact and day, ascending by contact
 * and day. A training row whose window holds the day takes the label in place of what was observed.
 */
export interface Labels {
  readonly contacts: Int32Array;
  /** Start of the UTC day that the outcome is of. */
  readonly at: Float64Array;
  /** 1 = the outcome that the scorer foretells came, 0 = it did not. */
  readonly labels: Uint8Array;
  /** Where they come from → how many. */
  readonly origins: Readonly<Record<string, number>>;
}

export interface StoredModel {
  readonly id: string;
  readonly scorer: string;
  /** The scorer's options, to build it again when scoring. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly card: ModelCard;
  /** Plain JSON: the estimator's artifact and what else the scorer keeps. */
  readonly artifact: unknown;
  readonly trainedAt: Instant;
  /** What features and scores looked like at training, for telling drift; plain JSON. */
  readonly reference?: unknown;
  /** How many people that it had seen have since asked to be forgotten. */
  readonly forgotten?: number;
}

/** One scorer's answers for many contacts, columnar. */
export interface Scores extends ScoreRows {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: Instant;
  readonly drift?: Drift;
}

export interface ScoreRows {
  readonly contacts: Int32Array;
  /** By `Field.name`, one value per contact, already rounded. An abstention has `null` in every field. */
  readonly fields: Readonly<Record<string, readonly FieldValue[]>>;
  readonly reasons: readonly (readonly string[])[];
  /** Why there is no score, per contact; `undefined` where there is one. */
  readonly abstained: readonly (string | undefined)[];
}

/** One number per contact, as it was foretold on a day. */
export interface PastScores {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: Instant;
  /** The end of the days that the numbers speak of. */
  readonly until: Instant;
  /** Ascending. */
  readonly contacts: Int32Array;
  readonly values: Float64Array;
}

/** How far features and scores have moved since the model was trained. */
export interface Drift {
  /** The day of the training. */
  readonly since: Instant;
  /** People compared, of then and of now. */
  readonly rows: readonly [then: number, now: number];
  /** True only when something moved beyond chance and far enough to matter. */
  readonly retrain: boolean;
  /** One sentence with the numbers. */
  readonly because: string;
  /** The score itself, where it is a number. */
  readonly score?: Moved;
  /** Every feature that was compared, the farthest moved first. */
  readonly features: readonly Moved[];
  /**
   * Whether people of then and of now can be told apart by what the model leans on and by its score, taken all together: `auc` with
   * its 95 % interval, 0.5 where they cannot, and what tells them apart, the most telling first. Absent on the day of the training.
   */
  readonly joint?: Moved & {
    readonly auc: readonly [value: number, low: number, high: number];
    readonly by: readonly string[];
  };
}

export interface Moved {
  readonly name: string;
  /** Population stability index less what chance alone makes of it. */
  readonly effect: number;
  /** Corrected for having looked at so many (Holm). */
  readonly p: number;
  /** The least effect that counts: more than the feature moved between the days before training. */
  readonly least: number;
  /** Beyond chance and at least `least`. */
  readonly moved: boolean;
  /** It grows with the calendar alone, such as days known: told, but no reason to train again. */
  readonly clock?: true;
}

export interface ContactScore {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: Instant;
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly reasons: readonly string[];
  readonly abstained?: string;
}

export interface ScoreSummary {
  readonly scorer: string;
  /** The model that gave these scores. */
  readonly modelId: string;
  readonly asOf: Instant;
  readonly scored: number;
  readonly abstained: number;
  readonly abstentions: Readonly<Record<string, number>>;
  /** Category field → value → contacts. */
  readonly categories: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Absent where the model keeps nothing to compare with. */
  readonly drift?: Drift;
}

export interface FoundContact {
  readonly contact: number;
  readonly identities: readonly { readonly system: string; readonly id: string }[];
  readonly profiling: "granted" | "denied" | "unknown";
}

export interface StoredContact {
  readonly contact: number;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly country?: string;
  readonly timeZone?: string;
  readonly createdAt?: Instant;
  readonly identities: readonly { readonly system: string; readonly id: string }[];
  readonly profiling: "granted" | "denied" | "unknown";
}

export interface ForgetResult {
  /** Rows removed, by table. */
  readonly removed: Readonly<Record<string, number>>;
  /** Models that had this person in their training data. */
  readonly models: readonly { readonly id: string; readonly scorer: string }[];
}
