/** Hidden groups: what sort of customer somebody is. Nobody but the truth tells. */
export const groupNames = [
  "loyal",
  "occasional",
  "newcomer",
  "lapsing",
  "hunter",
  "browser",
] as const;
export type GroupName = (typeof groupNames)[number];

/** How the people of a group differ from each other; times are weeks of activity, see `Clock`. */
export interface Group {
  readonly name: GroupName;
  /** Share of all contacts; the shares sum to 1. */
  readonly share: number;
  /** Orders per week, gamma over people: mean and shape. */
  readonly rate: { readonly mean: number; readonly shape: number };
  /** Shapes of the gaps between orders, equally likely: 1 = at random, 8 = like clockwork. */
  readonly regularity: readonly number[];
  /** Signs up while ordering, rather than weeks before. */
  readonly atCheckout: number;
  /** Mean weeks from signing up to the first order otherwise; 0 = never orders. */
  readonly firstOrderWeeks: number;
  /** Never comes back after the first order. */
  readonly single: number;
  /** Mean weeks until interest starts to fade, gamma over people with this shape. */
  readonly life: { readonly mean: number; readonly shape: number };
  /** Mean weeks from the start of fading to being gone. */
  readonly fadingWeeks: number;
  /** Mean lines of an order beyond the first. */
  readonly extraLines: number;
  /** Share of orders at a reduced price. */
  readonly discount: number;
  /** Chance that a mail is opened by the person, mean over people. */
  readonly openRate: number;
  /** Chance of a click once opened. */
  readonly clickRate: number;
  /** Visits per week without an order or a mail behind them, mean over people. */
  readonly visits: number;
  readonly season: 0 | 1;
}

export const groups: readonly Group[] = [
  {
    name: "loyal",
    share: 0.19,
    rate: { mean: 0.19, shape: 3 },
    regularity: [3, 4, 6, 8],
    atCheckout: 0.6,
    firstOrderWeeks: 2.5,
    single: 0.02,
    life: { mean: 110, shape: 2 },
    fadingWeeks: 7,
    extraLines: 1.3,
    discount: 0.1,
    openRate: 0.24,
    clickRate: 0.2,
    visits: 0.2,
    season: 0,
  },
  {
    name: "occasional",
    share: 0.25,
    rate: { mean: 0.075, shape: 2.5 },
    regularity: [1, 1, 2, 3],
    atCheckout: 0.65,
    firstOrderWeeks: 4,
    single: 0.12,
    life: { mean: 90, shape: 2 },
    fadingWeeks: 8,
    extraLines: 1,
    discount: 0.15,
    openRate: 0.17,
    clickRate: 0.15,
    visits: 0.1,
    season: 0,
  },
  {
    name: "newcomer",
    share: 0.2,
    rate: { mean: 0.07, shape: 2 },
    regularity: [1, 1, 2],
    atCheckout: 0.85,
    firstOrderWeeks: 2,
    single: 0.72,
    life: { mean: 30, shape: 2 },
    fadingWeeks: 4,
    extraLines: 0.5,
    discount: 0.25,
    openRate: 0.14,
    clickRate: 0.12,
    visits: 0.08,
    season: 0,
  },
  {
    name: "lapsing",
    share: 0.13,
    rate: { mean: 0.17, shape: 3 },
    regularity: [2, 3, 4, 6],
    atCheckout: 0.6,
    firstOrderWeeks: 3,
    single: 0.08,
    life: { mean: 22, shape: 2.5 },
    fadingWeeks: 9,
    extraLines: 0.9,
    discount: 0.2,
    openRate: 0.2,
    clickRate: 0.16,
    visits: 0.16,
    season: 0,
  },
  {
    name: "hunter",
    share: 0.12,
    rate: { mean: 0.11, shape: 2.5 },
    regularity: [1, 2],
    atCheckout: 0.5,
    firstOrderWeeks: 5,
    single: 0.15,
    life: { mean: 70, shape: 2 },
    fadingWeeks: 7,
    extraLines: 0.7,
    discount: 0.75,
    openRate: 0.28,
    clickRate: 0.24,
    visits: 0.26,
    season: 1,
  },
  {
    name: "browser",
    share: 0.11,
    rate: { mean: 0.05, shape: 2 },
    regularity: [1],
    atCheckout: 0,
    firstOrderWeeks: 0,
    single: 1,
    life: { mean: 60, shape: 2 },
    fadingWeeks: 6,
    extraLines: 0.5,
    discount: 0.2,
    openRate: 0.16,
    clickRate: 0.14,
    visits: 0.14,
    season: 0,
  },
];
