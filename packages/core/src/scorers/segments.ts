import { rfmRanks } from "@inchworm/learn";
import { type Field, InchwormError } from "@inchworm/spec";
import type { FeatureTable } from "@inchworm/store";
import { type Dataset, digest, distinct, lapseDataset } from "../dataset.js";
import { judge } from "../judge.js";
import type { Scorer } from "../scorer.js";
import { backtestWindows, furthestHorizon } from "../windows.js";
import { type Segment, segmentNames, segmentOf } from "./segment-names.js";

export interface SegmentsOptions {
  /** A single order within this many days makes somebody "new". Defaults to 60. */
  readonly newcomerDays?: number;
}

const defaults = { newcomerDays: 60 } satisfies Required<SegmentsOptions>;
/** How far ahead the backtest looks, days: do the segments tell who buys again? Less on a short history, but never below the least. */
const horizon = { most: 90, least: 14 };
const leastCustomers = 50;
/** Fewer buyers, or fewer others, than this prove nothing. */
const leastOfEach = 10;
const needed = ["days_since_order", "days_since_first_order", "orders_total", "spend_total"];

/**
 * Recency, frequency and money, in names a marketer knows. A description rather than a prediction; it is published only when the
 * segments of a past day told later buyers from others.
 */
export function segments(options: SegmentsOptions = {}): Scorer {
  const { newcomerDays } = { ...defaults, ...options };
  const fields = [
    {
      name: "segment",
      label: "Segment",
      description: "Kind of customer by recency, frequency and money.",
      type: "category",
      options: segmentNames.map(({ name }) => name),
    },
    {
      name: "rfm",
      label: "RFM ranks",
      description: "Ranks of recency, frequency and money, 5 is best, such as 5-4-3.",
      type: "text",
    },
  ] as const satisfies readonly Field[];

  return {
    name: "segments",
    options: { newcomerDays },
    fields,

    async train(history, { asOf, seed, signal, onProgress }) {
      const { first } = await history.summary();
      if (first === undefined)
        throw new InchwormError("insufficient-data", "segments: there are no orders yet.", {
          hint: "Import orders first: inchworm import orders FILE.",
        });
      const furthest = furthestHorizon(first, asOf);
      const horizonDays = Math.max(horizon.least, Math.min(horizon.most, furthest));
      const windows = backtestWindows("segments", first, asOf, horizonDays);
      const common = { horizonDays, activeDays: 36_500, columns: needed, seed, signal };
      onProgress?.({ step: "segments: a past day", done: 0, total: 2 });
      const past = await lapseDataset(history, {
        ...common,
        cutoffs: windows.training.slice(0, 1),
      });
      onProgress?.({ step: "segments: the later day", done: 1, total: 2 });
      const later = await lapseDataset(history, { ...common, cutoffs: [windows.evaluation] });
      if (later.rows < leastCustomers)
        throw new InchwormError(
          "insufficient-data",
          `segments: needs ${leastCustomers} customers with an order, and there are ${later.rows}.`,
          { hint: "Import more orders." },
        );

      requireBoth(past, horizonDays);
      requireBoth(later, horizonDays);
      const rate = buyingRate(assign(past, newcomerDays).names, past.labels);
      const card = judge({
        scorer: "segments",
        question: `Which kind of customer is this, and who of them buys within ${horizonDays} days?`,
        windows,
        horizonDays,
        training: { ...past, labels: past.labels.map((lapsed) => 1 - lapsed) },
        evaluation: { ...later, labels: later.labels.map((lapsed) => 1 - lapsed) },
        model: Float64Array.from(assign(later, newcomerDays).names, (name) => rate.get(name)),
        rule: {
          name: "one rate for all",
          probabilities: new Float64Array(later.rows).fill(
            1 - past.labels.reduce((sum, label) => sum + label, 0) / past.rows,
          ),
        },
        drivers: [],
        trainedAt: asOf,
        seed,
        dataHash: digest(past, later),
      });
      onProgress?.({ step: "segments", done: 2, total: 2 });
      return { card, artifact: {}, seen: distinct(past.contacts, later.contacts) };
    },

    async score(history, _artifact, { asOf, signal }) {
      const table = await history.features({ asOf, columns: needed, ...(signal && { signal }) });
      const buyers = rowsWithOrders(table);
      const { names, ranks } = assign(pick(table, buyers), newcomerDays);
      const segment: (Segment | null)[] = new Array(table.rows).fill(null);
      const rfm: (string | null)[] = new Array(table.rows).fill(null);
      const reasons: string[][] = Array.from({ length: table.rows }, () => []);
      const abstained: (string | undefined)[] = new Array(table.rows).fill("no order yet");
      for (const [index, row] of buyers.entries()) {
        segment[row] = names[index];
        rfm[row] = ranks[index].join("-");
        reasons[row] = [describe(table, row)];
        abstained[row] = undefined;
      }
      return { contacts: table.contacts, fields: { segment, rfm }, reasons, abstained };
    },
  };
}

/** @throws InchwormError "insufficient-data" when (nearly) all bought again, or (nearly) nobody did */
function requireBoth({ rows, labels }: Dataset, horizonDays: number): void {
  const lapsed = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(lapsed, rows - lapsed) >= leastOfEach) return;
  throw new InchwormError(
    "insufficient-data",
    `segments: of ${rows} customers ${rows - lapsed} ordered again within ${horizonDays} days: there is nothing to tell apart.`,
    { hint: `At least ${leastOfEach} must have, and ${leastOfEach} not. Import more history.` },
  );
}

type Columns = Pick<FeatureTable, "rows" | "columns">;

const values = (table: Columns, name: string): Float32Array => {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw new InchwormError("internal", `segments: feature "${name}" is missing.`);
  return column.values;
};

function rowsWithOrders(table: FeatureTable): number[] {
  const orders = values(table, "orders_total");
  return Array.from(orders.keys()).filter((row) => orders[row] > 0);
}

function pick(table: FeatureTable, rows: readonly number[]): Columns {
  return {
    rows: rows.length,
    columns: table.columns.map((column) => ({
      ...column,
      values: Float32Array.from(rows, (row) => column.values[row]),
    })),
  };
}

function assign(table: Columns | Dataset, newcomerDays: number) {
  const since = values(table, "days_since_order");
  const orders = values(table, "orders_total");
  const firstOrder = values(table, "days_since_first_order");
  const { recency, frequency, monetary } = rfmRanks({
    recency: Float64Array.from(since),
    frequency: Float64Array.from(orders),
    monetary: Float64Array.from(values(table, "spend_total")),
  });
  const names: Segment[] = [];
  const ranks: [number, number, number][] = [];
  for (let row = 0; row < table.rows; row++) {
    const newcomer = orders[row] === 1 && firstOrder[row] <= newcomerDays;
    names.push(segmentOf(recency[row], frequency[row], monetary[row], newcomer));
    ranks.push([recency[row], frequency[row], monetary[row]]);
  }
  return { names, ranks };
}

/** Share of buyers per segment, drawn towards the overall share by ten imaginary customers. */
function buyingRate(names: readonly Segment[], lapsed: Float64Array) {
  const overall = 1 - lapsed.reduce((sum, label) => sum + label, 0) / lapsed.length;
  const shrink = 10;
  const sums = new Map(segmentNames.map(({ name }) => [name as Segment, { rows: 0, bought: 0 }]));
  for (const [row, name] of names.entries()) {
    const sum = sums.get(name);
    if (!sum) continue;
    sum.rows++;
    sum.bought += 1 - lapsed[row];
  }
  return {
    get: (name: Segment) => {
      const sum = sums.get(name) ?? { rows: 0, bought: 0 };
      return (sum.bought + shrink * overall) / (sum.rows + shrink);
    },
  };
}

function describe(table: FeatureTable, row: number): string {
  const round = (name: string) => Math.round(values(table, name)[row]).toLocaleString("en-US");
  const orders = values(table, "orders_total")[row];
  const since = values(table, "days_since_order")[row];
  return `${round("orders_total")} order${orders === 1 ? "" : "s"} worth ${round("spend_total")}, the last ${since < 1 ? "today" : `${round("days_since_order")} day${Math.round(since) === 1 ? "" : "s"} ago`}`;
}
