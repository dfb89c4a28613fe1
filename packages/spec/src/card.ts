import type { Instant } from "./records.js";

/** A measured number and its 95 % interval. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a model was measured to be. Written beside every model, as JSON and Markdown. `kind` says what it foretells. */
export type ModelCard = ProbabilityCard | QuantityCard | RankingCard | UpliftModelCard;

/** What every card says. */
export interface CardBase {
  readonly scorer: string;
  readonly question: string;
  /** `published` only when the model beat its simple rule on a later window that training never saw. */
  readonly verdict: "published" | "withheld";
  /** One sentence with the numbers that decided it. */
  readonly because: string;
  readonly trainedAt: Instant;
  readonly windows: {
    /** The days at which features were cut for training, and the day by which their labels were complete. */
    readonly training: { readonly cutoffs: readonly Instant[]; readonly labelsUntil: Instant };
    /** The later day the model was judged on. */
    readonly evaluation: { readonly cutoff: Instant; readonly labelsUntil: Instant };
    /** Once judged, the same recipe is fitted again on these later days; that model gives the scores. */
    readonly refit: { readonly cutoffs: readonly Instant[]; readonly labelsUntil: Instant };
  };
  /**
   * Ten groups of the evaluation rows by forecast: mean forecast, what came and size. Empty where the forecast of a quantity has
   * no mean to compare, and of lists.
   */
  readonly calibration: readonly {
    readonly predicted: number;
    readonly observed: number;
    readonly rows: number;
  }[];
  /** Mean absolute contribution, in log-odds of a probability and in the model's own scale of a quantity, largest first. */
  readonly drivers: readonly { readonly feature: string; readonly weight: number }[];
  readonly seed: number;
  /** Digest of the training and evaluation tables: the same data, seed and version give the same card. */
  readonly dataHash: string;
  /** What else a reader should know, one plain sentence each. */
  readonly notes?: readonly string[];
  /** Present where there is so little history that the answer comes in part from declared priors. */
  readonly prior?: {
    /** How much of the answer is prior rather than data, 0 to 1. */
    readonly share: Measured | number;
    /** One sentence: what the priors are, and how much more data would help. */
    readonly because: string;
  };
  /**
   * The AUC of a probability, the mean absolute error of a quantity, on the evaluation rows with features made of e-mail opens and
   * without them: opens are partly made by machines that do not say so.
   */
  readonly opens?: { readonly with: Measured; readonly without: Measured };
  /** The models that raced, never on the evaluation rows; the chosen one first. */
  readonly candidates?: readonly {
    readonly name: string;
    /** By name, such as "log loss" or "mae". */
    readonly metrics: Readonly<Record<string, Measured | number>>;
  }[];
  /** Scores that an earlier model gave, against what has happened since. */
  readonly backtest?: Backtest;
}

/** How well past scores foretold what has happened since they were given. */
export interface Backtest {
  readonly modelId: string;
  readonly scoredAt: Instant;
  /** The end of the days that the scores spoke of. */
  readonly until: Instant;
  /** People who had a score then and are still here. */
  readonly rows: number;
  /** By the names that the card's own metrics have. */
  readonly metrics: Readonly<Record<string, Measured>>;
  /** One sentence with the numbers, and whether they are as good as the model was measured to be. */
  readonly because: string;
}

/** The card of a scorer that gives a probability. */
export interface ProbabilityCard extends CardBase {
  readonly kind: "probability";
  readonly counts: {
    readonly trainingRows: number;
    readonly trainingPositives: number;
    readonly evaluationRows: number;
    readonly evaluationPositives: number;
  };
  /** Share of positives among the evaluation rows. */
  readonly baseRate: number;
  readonly metrics: {
    readonly auc: Measured;
    readonly logLoss: Measured;
    readonly brier: Measured;
    readonly calibrationError: Measured;
    /** Rate in the best-scored tenth over the overall rate. */
    readonly liftTopDecile: Measured;
  };
  /** The simple rule on the same rows. */
  readonly rule: {
    readonly name: string;
    readonly auc: Measured;
    readonly logLoss: Measured;
    readonly calibrationError: Measured;
    readonly liftTopDecile: Measured;
  };
  /** Model minus rule on the same resampled rows. */
  readonly gain: { readonly auc: Measured; readonly logLoss: Measured };
}

/** The card of a scorer that gives an amount or a time. */
export interface QuantityCard extends CardBase {
  readonly kind: "quantity";
  /** "days", "orders", or the currency of money, such as "EUR"; "money" where orders name no currency or several. */
  readonly unit: string;
  readonly counts: { readonly trainingRows: number; readonly evaluationRows: number };
  /** Mean of what came, over the evaluation rows. */
  readonly mean: number;
  readonly metrics: QuantityMetrics;
  /** The best of the simple rules on the same rows. */
  readonly rule: { readonly name: string } & QuantityMetrics;
  /** Every simple rule that was tried, the best first. */
  readonly rules: readonly ({ readonly name: string } & Pick<QuantityMetrics, "mae" | "pinball">)[];
  /** Model minus rule on the same resampled rows: below 0 is better. */
  readonly gain: Pick<QuantityMetrics, "mae" | "pinball">;
  /** Which of the gains decided the verdict. */
  readonly decidedBy: "mae" | "pinball";
}

/** The card of a scorer that gives a list of items. */
export interface RankingCard extends CardBase {
  readonly kind: "ranking";
  /** Length of the lists that were judged. */
  readonly k: number;
  /** Name of the kind of model that gives the lists. */
  readonly model: string;
  readonly counts: {
    /** Pairs of a person and an item that it learned from, and how many of each. */
    readonly trainingRows: number;
    readonly people: number;
    readonly items: number;
    /** People with a history who later had something that a list could have held. */
    readonly evaluationRows: number;
  };
  readonly metrics: RankingMetrics;
  /** The popular list, the same for everybody but for what each must not be given, for the same people. */
  readonly rule: { readonly name: string } & RankingMetrics;
  /** Model minus rule on the same resampled people. */
  readonly gain: { readonly recall: Measured; readonly ndcg: Measured };
  /** Other kinds of model on the same people. */
  readonly beside: readonly ({ readonly name: string } & RankingMetrics)[];
  /** Share of all people who have no history, and get favourites in place of a list of their own. */
  readonly fallbackShare: number;
}

/** The card of a scorer that says whom a treatment changes. Judged on people that training never saw. */
export interface UpliftModelCard extends CardBase {
  readonly kind: "uplift";
  /** The treatment told of, and those who were left without it. */
  readonly arm: string;
  readonly control: string;
  /** What ranks people; see `UpliftLearner` of `@inchworm/learn`. */
  readonly model: string;
  /** Each of the people is learned from, and judged by models that had not seen them. */
  readonly counts: {
    readonly trainingRows: number;
    readonly evaluationRows: number;
    readonly treated: number;
  };
  readonly metrics: {
    /** Area between the Qini curve and a random order, over the same of the perfect order; see `qini` of `@inchworm/learn`. */
    readonly qini: Measured;
    /** Effect on the 30 % ranked highest. */
    readonly uplift30: number;
  };
  /** Everybody alike: `effect` is the mean effect. */
  readonly rule: { readonly name: string; readonly effect: Measured };
  /** Of each treatment: the mean effect, and what to do where there is nothing to rank by. */
  readonly arms: readonly {
    readonly arm: string;
    readonly effect: Measured;
    readonly treat: "ranked" | "all" | "none" | "undecided";
  }[];
}

/** All items are ranked, none are sampled. */
export interface RankingMetrics {
  /** Share of what people went on to have that was in their lists. */
  readonly recall: Measured;
  /** Gains of 1 / log2(place + 1) against the best possible list. */
  readonly ndcg: Measured;
  /** Share of all items that are in somebody's list. */
  readonly coverage: number;
  /** Mean surprise of what is listed, in bits: minus log2 of the share of people who had it. */
  readonly novelty: number;
  /** Mean number of people who had what is listed, over that of what people had. */
  readonly popularityLift: number;
}

/** All in the card's unit, unless said otherwise. */
export interface QuantityMetrics {
  /** Mean absolute error. */
  readonly mae: Measured;
  /** Mean of forecast minus truth: above 0 promises too much. */
  readonly bias?: Measured;
  /** Mean pinball loss over the forecast quantiles. */
  readonly pinball?: Measured;
  /** Share of truths inside the 50 % and the 80 % interval. */
  readonly coverage50?: Measured;
  readonly coverage80?: Measured;
  /** Mean width of the 80 % interval. */
  readonly width80?: Measured;
  /** How well it ranks, 0 for chance and 1 for a perfect order: the Gini coefficient over that of the truth. */
  readonly gini?: Measured;
  /** Of the probability published beside the quantity. */
  readonly auc?: Measured;
  readonly calibrationError?: Measured;
}
