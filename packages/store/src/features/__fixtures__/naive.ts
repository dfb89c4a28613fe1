import type { EngagementType, Instant } from "@inchworm/spec";
import { day, type History } from "./history.js";

const missing = Number.NaN;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const distinct = (values: readonly unknown[]) => new Set(values).size;
const over = (part: number, whole: number) => (whole === 0 ? missing : part / whole);
const utcDay = (at: Instant) => Math.floor(at / day);

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function deviation(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

/** The features of one contact, said a second time in the plainest way; `undefined` for somebody who has none. */
export function naive(
  history: History,
  contact: number,
  asOf: Instant,
): Record<string, number> | undefined {
  const mine = <Row extends { contact: number | null; at: Instant }>(rows: readonly Row[]) =>
    rows.filter((row) => row.contact === contact && row.at < asOf);
  const createdAt = history.contacts.find(({ id }) => id === contact)?.createdAt ?? null;
  const all = mine(history.orders);
  const events = mine(history.engagements);

  const consents = history.consents.filter((consent) => consent.contact === contact);
  const words = consents.filter(
    ({ source, at }) => !consents.some((other) => other.source === source && other.at > at),
  );
  const lastWord = (word: string) =>
    Math.max(...words.filter(({ status }) => status === word).map(({ at }) => at));
  const refusedAt = lastWord("denied");
  if (refusedAt > Number.NEGATIVE_INFINITY && refusedAt >= lastWord("granted")) return undefined;

  const starts = [...all, ...events].map(({ at }) => at);
  if (createdAt !== null && createdAt < asOf) starts.push(createdAt);
  if (starts.length === 0) return undefined;

  const since = (times: readonly Instant[], pick: (...times: number[]) => number) =>
    times.length === 0 ? missing : (asOf - pick(...times)) / day;
  const within = <Row extends { at: Instant }>(rows: readonly Row[], days: number, ago = 0) =>
    rows.filter(
      ({ at }) => at >= asOf - (ago + days) * day && (ago === 0 || at < asOf - ago * day),
    );

  const orders = all.filter(({ total }) => total > 0);
  const returns = all.filter(({ total }) => total < 0);
  const spend = (rows: typeof all) => sum(rows.map(({ total }) => total));
  const times = orders.map(({ at }) => at);

  const days = [...new Set(times.map(utcDay))].sort((one, other) => one - other);
  const gaps = days.slice(1).map((value, index) => value - days[index]);
  const gapMean = gaps.length === 0 ? missing : sum(gaps) / gaps.length;

  // lines count by the line's own sign, whatever its order's total
  const baskets = all
    .map(({ at, lines }) => ({ at, lines: lines.filter(({ quantity }) => quantity > 0) }))
    .filter(({ lines }) => lines.length > 0);
  const lines = baskets.flatMap((basket) => basket.lines);
  const itemsKnown =
    lines.length > 0 && (within(baskets, 365).length > 0 || within(orders, 365).length === 0);

  const human = (type: EngagementType) =>
    events.filter((event) => event.type === type && (type === "sent" || !event.machine));
  const count = (type: EngagementType, window: number) => within(human(type), window).length;
  const rate = (type: EngagementType, window: number) =>
    over(count(type, window), count("sent", window));
  const acts = (["open", "click", "reply", "visit", "view", "cart"] as const).flatMap(human);
  const latest = (type: EngagementType) =>
    since(
      human(type).map(({ at }) => at),
      Math.max,
    );

  return {
    tenure_days: since(starts, Math.min),
    days_since_order: since(times, Math.max),
    days_since_first_order: since(times, Math.min),
    orders_7d: within(orders, 7).length,
    orders_30d: within(orders, 30).length,
    orders_90d: within(orders, 90).length,
    orders_365d: within(orders, 365).length,
    orders_total: orders.length,
    spend_30d: spend(within(orders, 30)),
    spend_90d: spend(within(orders, 90)),
    spend_365d: spend(within(orders, 365)),
    spend_total: spend(orders),
    average_order_value: over(spend(orders), orders.length),
    gap_mean_days: gapMean,
    gap_median_days: gaps.length === 0 ? missing : middle(gaps),
    gap_last_days: gaps.at(-1) ?? missing,
    gap_deviation_days: gaps.length < 2 ? missing : deviation(gaps),
    gap_ratio: since(times, Math.max) / gapMean,
    orders_trend_90d: within(orders, 90).length - within(orders, 90, 90).length,
    spend_trend_90d: spend(within(orders, 90)) - spend(within(orders, 90, 90)),
    items_365d: itemsKnown
      ? distinct(within(baskets, 365).flatMap((basket) => basket.lines.map(({ item }) => item)))
      : missing,
    lines_per_order: over(lines.length, baskets.length),
    units_per_order: over(sum(lines.map(({ quantity }) => quantity)), baskets.length),
    returns_365d: within(returns, 365).length,
    return_share: over(-spend(returns), spend(orders)),
    sends_30d: count("sent", 30),
    sends_90d: count("sent", 90),
    sends_365d: count("sent", 365),
    opens_30d: count("open", 30),
    opens_90d: count("open", 90),
    opens_365d: count("open", 365),
    clicks_30d: count("click", 30),
    clicks_90d: count("click", 90),
    clicks_365d: count("click", 365),
    open_rate_90d: rate("open", 90),
    click_rate_90d: rate("click", 90),
    open_rate_trend: rate("open", 90) - rate("open", 365),
    days_since_open: latest("open"),
    days_since_click: latest("click"),
    days_since_visit: latest("visit"),
    visits_30d: count("visit", 30),
    visits_90d: count("visit", 90),
    carts_30d: count("cart", 30),
    campaigns_opened_90d: distinct(
      within(human("open"), 90)
        .map(({ campaign }) => campaign)
        .filter((campaign) => campaign !== null),
    ),
    active_days_90d: distinct(within(acts, 90).map(({ at }) => utcDay(at))),
    unsubscribes_total: human("unsubscribe").length,
  };
}
