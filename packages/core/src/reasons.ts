/** One contact's features by name; `NaN` = missing. */
export type FeatureRow = (name: string) => number;

interface Topic {
  /** Features whose contributions are told together. */
  readonly features: readonly RegExp[];
  /** What to say of them, or nothing when the values say nothing. */
  readonly say: (feature: FeatureRow) => string | undefined;
}

const whole = (value: number) => Math.round(value).toLocaleString("en-US");
const count = (value: number, one: string, many = `${one}s`) =>
  `${whole(value)} ${Math.round(value) === 1 ? one : many}`;
const ago = (days: number) => (days < 1 ? "today" : `${count(days, "day")} ago`);

/** Related features are one reason: three ways of saying "long ago" would crowd out the rest. */
const topics: readonly Topic[] = [
  {
    features: [/^days_since_order$/, /^gap_/, /^recency$/, /^overdue$/],
    say: (feature) => {
      const since = feature("days_since_order");
      const gap = feature("gap_mean_days");
      if (Number.isNaN(since)) return undefined;
      return Number.isNaN(gap) || gap < 1
        ? `last order ${ago(since)}`
        : `last order ${ago(since)}; usually orders every ${whole(gap)}`;
    },
  },
  {
    features: [/^orders_/, /^days_since_first_order$/, /^pace$/, /^frequency$/],
    say: (feature) => {
      const total = feature("orders_total");
      if (total === 0) return "no order so far";
      if (total === 1) return "only one order so far";
      const year = feature("orders_365d");
      if (Number.isNaN(year)) return Number.isNaN(total) ? undefined : count(total, "order");
      const recent = feature("orders_90d");
      return `${count(year, "order")} in the last year, ${whole(recent)} of them in the last 90 days`;
    },
  },
  {
    features: [/^spend_/, /^average_order_value$/],
    say: (feature) => {
      const year = feature("spend_365d");
      const average = feature("average_order_value");
      if (Number.isNaN(year) || Number.isNaN(average)) return undefined;
      return `spent ${whole(year)} in the last year, ${whole(average)} an order`;
    },
  },
  {
    features: [/^sends_/, /^opens_/, /^open_/, /^days_since_open$/, /^campaigns_opened_90d$/],
    say: (feature) => {
      const sends = feature("sends_90d");
      const opens = feature("opens_90d");
      if (sends > 0) return `opened ${whole(opens)} of ${count(sends, "e-mail")} in 90 days`;
      const since = feature("days_since_open");
      return Number.isNaN(since) ? undefined : `last opened an e-mail ${ago(since)}`;
    },
  },
  {
    features: [/^clicks_/, /^click_/, /^days_since_click$/],
    say: (feature) => {
      const since = feature("days_since_click");
      if (!Number.isNaN(since)) return `last click in an e-mail ${ago(since)}`;
      return feature("sends_365d") > 0 ? "never clicked in an e-mail" : undefined;
    },
  },
  {
    features: [/^visits_/, /^days_since_visit$/, /^carts_/, /^active_days_/, /^activity$/],
    say: (feature) => {
      const visits = feature("visits_90d");
      const since = feature("days_since_visit");
      if (visits > 0) return `${count(visits, "visit")} in 90 days, the last ${ago(since)}`;
      if (!Number.isNaN(since)) return `no visit for ${count(since, "day")}`;
      const active = feature("active_days_90d");
      return Number.isNaN(active) ? undefined : `active on ${whole(active)} of the last 90 days`;
    },
  },
  {
    features: [/^returns_/, /^return_share$/],
    say: (feature) => {
      const returns = feature("returns_365d");
      return returns > 0 ? `${count(returns, "return")} in the last year` : "no returns in a year";
    },
  },
  {
    features: [/^items_/, /^lines_per_order$/, /^units_per_order$/],
    say: (feature) => {
      const items = feature("items_365d");
      return items > 0 ? `bought ${count(items, "different item")} in a year` : undefined;
    },
  },
  {
    features: [/^unsubscribes_total$/],
    say: (feature) => (feature("unsubscribes_total") > 0 ? "unsubscribed from e-mails" : undefined),
  },
  {
    features: [/^tenure_days$/],
    say: (feature) => {
      const tenure = feature("tenure_days");
      return Number.isNaN(tenure) ? undefined : `known for ${count(tenure, "day")}`;
    },
  },
];

/** Below this many log-odds a topic changed nothing worth saying. */
const leastWeight = 0.05;
const mostReasons = 3;

/** The topic of every column, as an index into `topics`; -1 for a column nobody speaks of. */
export function topicOf(columns: readonly string[]): readonly number[] {
  return columns.map((name) =>
    topics.findIndex((topic) => topic.features.some((pattern) => pattern.test(name))),
  );
}

/** What to say of a topic, or nothing when the values say nothing. */
export const tellTopic = (topic: number, feature: FeatureRow): string | undefined =>
  topics[topic].say(feature);

/**
 * Up to three reasons (or `most`) for a score, strongest first: only what pushed the score to the side it is on.
 *
 * @param contributions one per column, in log-odds, from the model's exact explanation
 * @param direction 1 for a score above the average, -1 for one below
 */
export function reasonsFor(
  topicOfColumn: readonly number[],
  contributions: Float64Array,
  direction: 1 | -1,
  feature: FeatureRow,
  most = mostReasons,
): string[] {
  const weights = new Float64Array(topics.length);
  for (let column = 0; column < contributions.length; column++) {
    const topic = topicOfColumn[column];
    if (topic >= 0) weights[topic] += contributions[column] * direction;
  }
  const reasons: string[] = [];
  while (reasons.length < most) {
    let strongest = 0;
    for (let topic = 1; topic < weights.length; topic++)
      if (weights[topic] > weights[strongest]) strongest = topic;
    if (!(weights[strongest] > leastWeight)) break;
    weights[strongest] = 0;
    const reason = topics[strongest].say(feature);
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons;
}
