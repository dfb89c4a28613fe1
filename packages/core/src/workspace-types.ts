import type { DriverReport } from "@inchworm/learn";
import type {
  Destination,
  Instant,
  ListsMade,
  ModelCard,
  OnProgress,
  Plan,
  Source,
} from "@inchworm/spec";
import type {
  ForgetResult,
  HoldOutResult,
  ImportKind,
  ImportOptions,
  ImportResult,
  ScoreSummary,
  Store,
} from "@inchworm/store";
import type {
  GateEvent,
  GateStats,
  PullResult,
  PushReport,
  RetryReport,
  VerifyReport,
} from "@inchworm/sync";
import type { BoughtPair, BoughtTogetherOptions } from "./bought-together.js";
import type { CampaignDriversOptions } from "./drivers/campaign-drivers.js";
import type { ShopExperiment, ShopExperimentResult } from "./experiment/types.js";
import type { Explained } from "./explain.js";
import type { HoldOutSettings } from "./holdout/hold-out.js";
import type { PreviewReport } from "./preview.js";
import type { Decided, DecideOptions, Proof, ProofOptions } from "./proof/types.js";
import type { ReportData, ReportOptions } from "./report-data/types.js";
import type { Scorer } from "./scorer.js";
import type { ListRules } from "./scorers/recommend-rules.js";
import type {
  ItemEvent,
  Recommended,
  RecommenderKind,
  SimilarItem,
} from "./scorers/recommender.js";
import type {
  EvaluateSendsOptions,
  SendEvaluation,
  SendPolicy,
} from "./send-plan/evaluate-sends.js";
import type { SendPlan, SendPlanAudience, SendPlanCampaign } from "./send-plan/types.js";
import type { MessageDesk } from "./words/messages/inbox.js";
import type { MessagesOptions } from "./words/messages/types.js";
import type { SubjectBrief, Suggestions, SuggestOptions } from "./words/suggest/types.js";
import type { CopyOptions, LineScorer, LinesOptions } from "./words/types.js";

export interface WorkspaceOptions {
  /** What day it is. Defaults to the system's clock. */
  readonly now?: () => Instant;
  /** Defaults to 1. The same history and the same seed give the same cards and scores. */
  readonly seed?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Told of waits, retries and changed allowances of each account, for logs. Must not throw. */
  readonly onGateEvent?: (account: string, event: GateEvent) => void;
}

/** A shop's history and everything done with it. */
export interface Workspace {
  readonly store: Store;
  /** See `Store.importFile`. Labels may be for the library's scorers, and for those that are trained here. */
  import(kind: ImportKind, file: string, options?: ImportOptions): Promise<ImportResult>;
  /** Reads what changed since the last pull, or everything with `full`. Safe to run again after any failure. */
  pull(...sources: readonly (Source | PullOptions)[]): Promise<readonly PullResult[]>;
  /**
   * Trains each scorer on past days and judges it on later ones. A scorer that does not beat its simple rule is withheld, and its
   * card says so. One that lacks history leaves the others alone, and keeps the model it had.
   *
   * @throws InchwormError "insufficient-data" naming what is missing, when no scorer could be trained
   */
  train(scorers: readonly Scorer[]): Promise<TrainReport>;
  /**
   * Counts what each scorer could learn from, without training: its population, and those of either outcome, against the least
   * number needed.
   */
  preview(scorers: readonly Scorer[]): Promise<readonly PreviewReport[]>;
  /**
   * Scores every contact with the latest model of each scorer, and says how far features and scores have moved since its training.
   * A withheld scorer gives no scores, and its old ones go.
   */
  score(): Promise<readonly ScoreSummary[]>;
  /** A dry run: what a push would write, skip and cost. Touches nothing at the destination. */
  plan(destination: Destination): Promise<Plan>;
  /**
   * Carries out a plan; run it again to go on after any failure.
   *
   * @throws InchwormError "stale-plan" when scores, contacts or consents have changed since
   */
  push(plan: Plan, destination?: Destination): Promise<PushReport>;
  /**
   * Makes a list of people for each value of a pushed plan's categories, such as a segment, where the platform has lists that follow
   * a field by themselves; none elsewhere. One that stands is left as it is.
   */
  makeLists(plan: Plan, destination?: Destination): Promise<ListsMade>;
  /** Reads every value of a pushed plan back and compares. */
  verify(plan: Plan, destination?: Destination): Promise<VerifyReport>;
  /**
   * Tries again what failed at a destination: reads back what had no answer, sends the rest of the latest plan once more, and lets
   * the next plan hold what earlier ones gave up. What failed is in `store.deadLetters(destination.name)`.
   */
  retry(destination: Destination): Promise<RetryReport>;
  /** Requests, retries and waits of this process so far, by account. */
  traffic(): Readonly<Record<string, GateStats>>;
  /** Every score of one person with its reasons. The person is an e-mail address or `system:id`. */
  explain(person: string): Promise<Explained>;
  /**
   * What to give each of these people, in their order: an e-mail address, `system:id`, or what a visitor did just now. By the latest
   * trained model, from what is known of them today, of what is in stock today. Who is not known, or has opted out of profiling,
   * gets the popular list, and the answer's basis says so. Each call reads the catalogue: `openRecommender` holds it, for pages that
   * must not wait.
   *
   * @throws InchwormError "insufficient-data" when none is trained, or the latest was withheld
   * @example
   * await shop.recommend(["ada@example.com", [{ item: "SKU-1", type: "cart" }]], { k: 3, exclude: ["SKU-9"] });
   */
  recommend(
    people: readonly (string | readonly ItemEvent[])[],
    rules?: ListRules & { readonly kind?: RecommenderKind },
  ): Promise<readonly Recommended[]>;
  /**
   * Items like this one, the most alike first, of those to be had today. None for an item that the model does not know.
   *
   * @throws InchwormError "insufficient-data" when none is trained, or the latest was withheld
   */
  similarItems(
    item: string,
    options?: { readonly kind?: RecommenderKind; readonly k?: number },
  ): Promise<readonly SimilarItem[]>;
  /** What goes with what, for cross-selling: see `boughtTogether`. Needs no training. */
  boughtTogether(options?: Partial<BoughtTogetherOptions>): Promise<readonly BoughtPair[]>;
  /**
   * Who gets a campaign when: the best hour of each person's own within the window, else the best for everyone, some by lot so that
   * the hours can be judged later. Nobody who does not allow it, none in quiet hours, no limit broken. The plan is kept, and what
   * comes of it is in `store.sendLog`; planning the campaign again takes the place of what has not been sent. Nothing is sent.
   *
   * @throws InchwormError "input" for a campaign that cannot be planned as asked, or is transactional
   * @example
   * const plan = await shop.sendPlan({ id: "spring", hours: 48 }, { people: ["ada@example.com", "customer:C000002"] });
   */
  sendPlan(campaign: SendPlanCampaign, audience?: SendPlanAudience): Promise<SendPlan>;
  /**
   * What share of the planned messages would have been answered had another policy chosen the hours, by the chances logged with each
   * choice: doubly robust, with its interval, and its difference from what came. It abstains where the log cannot tell, such as below
   * an effective sample of 100. Own hours are told by what was known when each plan was made.
   *
   * @throws InchwormError "insufficient-data" where no planned message is a day old; "input" for a policy that is none
   * @example
   * const { verdict, because, gain } = await shop.evaluateSends("personal");
   */
  evaluateSends(policy: SendPolicy, options?: EvaluateSendsOptions): Promise<SendEvaluation>;
  /**
   * Holds people out, from everything or from a campaign, by a salted hash of who they are: the same person has the same arm in every
   * platform, and keeps it. Whoever has come since gets one too. The arms are a field that the next plan writes.
   *
   * @throws InchwormError as `Store.holdOut`
   * @example
   * await shop.holdOut({ share: 0.1 });                       // from everything: field "holdout"
   * await shop.holdOut({ name: "spring", share: 0.2 });       // from one campaign: field "holdout_spring"
   */
  holdOut(settings?: HoldOutSettings): Promise<HoldOutResult>;
  /**
   * Parts those whom a campaign is meant for into whom it goes to and who goes without, and keeps the decision: score, arm, chance,
   * cost. What it brought is in `proof` later.
   *
   * @throws InchwormError "not-found" where nobody is held out yet; "input" for a scorer without scores
   */
  decide(options: DecideOptions): Promise<Decided>;
  /**
   * What came of being treated rather than held out, with what was to be expected anyway taken out.
   *
   * @throws InchwormError "insufficient-data" as long as nothing can have come of it; "not-found" where there is no such holdout
   * @example
   * (await shop.experiment({ holdout: "spring", outcome: "spend", days: 30 })).because;
   */
  experiment(settings?: ShopExperiment): Promise<ShopExperimentResult>;
  /** What each campaign and scorer has brought since the start, what it cost, and what is wrong with scores. The same again for the same day. */
  proof(options?: ProofOptions): Promise<Proof>;
  /**
   * Which subject lines this account's people open, learned from the campaigns here; see `subjectLine`. It keeps nothing in the store.
   *
   * @throws InchwormError "insufficient-data" where no campaign with a subject was sent
   * @example
   * const lines = await shop.subjectLine();
   * console.log(lines.because, lines.score(["Your order ships free today"]));
   */
  subjectLine(options?: LinesOptions): Promise<LineScorer>;
  /**
   * The same for preview texts, bodies and calls to action, by clicks.
   *
   * @throws InchwormError "insufficient-data" where no campaign with such a text was sent
   */
  copy(options?: CopyOptions): Promise<LineScorer>;
  /**
   * Subject lines to choose from, ranked by this account's own campaigns, where there are any, unless another scorer is given; see
   * `suggestSubjects`. None is sent.
   *
   * @throws InchwormError "input" for a brief or an option that cannot be
   */
  suggestSubjects(brief: string | SubjectBrief, options?: SuggestOptions): Promise<Suggestions>;
  /**
   * Which words, hours, media, colours, forms and offers of past campaigns are answered more, for whom, and how good the evidence is.
   *
   * @throws InchwormError "insufficient-data" when no campaign is over yet
   */
  drivers(options?: CampaignDriversOptions): Promise<DriverReport>;
  /**
   * Learns from the account's own labels what customers' messages are about, and reads those in the store; see `messages`. It answers
   * nobody, and keeps nothing in the store.
   *
   * @throws InchwormError "input" for options that cannot be; "insufficient-data" with too few labels
   */
  messages(options: MessagesOptions): Promise<MessageDesk>;
  /**
   * What a report tells: cards, scores, segments, pushes, changes and proof, all counted. `reportHtml` of `@inchworm/report` makes a
   * page of it.
   *
   * @throws InchwormError "insufficient-data" when nothing is trained yet; "not-found" for a contact who is not here
   */
  reportData(options?: ReportOptions): Promise<ReportData>;
  /** Removes a person from everything here, and keeps them from coming back. */
  forget(person: string): Promise<ForgetResult>;
  close(): Promise<void>;
}

export interface TrainReport {
  readonly cards: readonly ModelCard[];
  /** Scorers that there is too little history for, and what is missing. */
  readonly untrained: readonly { readonly scorer: string; readonly because: string }[];
}

export interface PullOptions {
  readonly source: Source;
  readonly full: boolean;
}
