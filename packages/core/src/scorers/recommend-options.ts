import {
  type EngagementType,
  engagementTypes,
  InchwormError,
  type ItemKind,
  itemKinds,
} from "@inchworm/spec";

export interface RecommendOptions {
  /** What is recommended. Defaults to "product". */
  readonly kind?: ItemKind;
  /** Items per person, 1 to 50. Defaults to 5. */
  readonly k?: number;
  /** How far ahead the backtest looks, in days; less where history is short. Defaults to 30. */
  readonly horizonDays?: number;
  /** What each sort of event says of taste, ≥ 0. Defaults to what is usual for the kind: a view less than a cart, a cart less than an order. */
  readonly weights?: Readonly<Partial<Record<"order" | EngagementType, number>>>;
  /**
   * Whether people are given again what they had (bought, of content: looked at): "repeat" for goods that buyers come back for.
   * Defaults to "repeat".
   */
  readonly keepSeen?: boolean | "repeat";
  /** Nothing is given again within so many days; an offer is not made again either. Defaults to 14, of offers to 30. */
  readonly restDays?: number;
  /** Only items of these categories. Defaults to all. */
  readonly include?: readonly string[];
  /** No items of these categories. */
  readonly exclude?: readonly string[];
  /** Places at the end of each list for items that nobody has had yet, of a category and at a price that the person likes. Defaults to 1 in lists of four or more. */
  readonly newItems?: number;
  /** Weight of variety within a list, 0 to 1. Defaults to 0. */
  readonly diversity?: number;
  /** Of offers: the most that all of them together may cost. Defaults to no limit. */
  readonly budget?: number;
}

export type RecommendSettings = Required<Omit<RecommendOptions, "budget">> &
  Pick<RecommendOptions, "budget">;

const usual: Readonly<Record<ItemKind, RecommendSettings["weights"]>> = {
  product: { view: 1, cart: 2, order: 4 },
  content: { view: 1, click: 2, form: 2 },
  // being sent one tells when it was, and nothing of taste
  offer: { sent: 0, view: 1, click: 2, cart: 2, form: 2, order: 4 },
};

/** @throws InchwormError "input" naming the option that cannot be used */
export function settingsOf(options: RecommendOptions): RecommendSettings {
  const { kind = "product", k = 5 } = options;
  const refuse = (option: string, must: string, got: unknown) =>
    new InchwormError("input", `recommend: "${option}" must be ${must}, got ${String(got)}.`);
  if (!itemKinds.includes(kind)) throw refuse("kind", `one of ${itemKinds.join(", ")}`, kind);
  const settings: RecommendSettings = {
    kind,
    k,
    horizonDays: 30,
    weights: usual[kind],
    keepSeen: "repeat",
    restDays: kind === "offer" ? 30 : 14,
    include: [],
    exclude: [],
    newItems: kind !== "offer" && k >= 4 ? 1 : 0,
    diversity: 0,
    ...options,
  };
  const whole = (
    option: "k" | "horizonDays" | "restDays" | "newItems",
    low: number,
    high: number,
  ) => {
    const value = settings[option];
    if (!Number.isInteger(value) || value < low || value > high)
      throw refuse(option, `an integer from ${low} to ${high}`, value);
  };
  whole("k", 1, 50);
  whole("horizonDays", 7, 365);
  whole("restDays", 0, 3650);
  whole("newItems", 0, settings.k - 1);
  const { diversity, budget, keepSeen, weights } = settings;
  if (!(diversity >= 0 && diversity <= 1)) throw refuse("diversity", "from 0 to 1", diversity);
  if (budget !== undefined && !(budget >= 0)) throw refuse("budget", "a number ≥ 0", budget);
  if (budget !== undefined && kind !== "offer")
    throw refuse("budget", "left out but for offers", budget);
  if (![true, false, "repeat"].includes(keepSeen))
    throw refuse("keepSeen", 'true, false or "repeat"', keepSeen);
  for (const [type, weight] of Object.entries(weights))
    if (!(weight >= 0 && weight < Infinity) || !known.has(type))
      throw refuse(`weights.${type}`, `a number ≥ 0 of one of ${[...known].join(", ")}`, weight);
  if (!Object.values(weights).some((weight) => weight > 0))
    throw refuse("weights", "above 0 for some event", JSON.stringify(weights));
  return settings;
}

const known: ReadonlySet<string> = new Set(["order", ...engagementTypes]);
