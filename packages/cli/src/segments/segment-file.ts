import { type SegmentationModel, segmentation, type Table, type Words } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import type { LogOptions } from "../log/read-log.js";
import { shown } from "../table/names.js";
import { type SegmentsCard, treeOf } from "./card.js";
import { readFlat } from "./flat.js";
import { type OrderColumns, orderWords, readCustomers, rfmSummary } from "./orders.js";
import type { SavedSegments } from "./saved.js";

export interface SegmentFileOptions {
  /** The columns of a log of orders; without them the file is a flat table. */
  readonly orders?: OrderColumns | undefined;
  readonly log?: LogOptions;
  readonly columns?: readonly string[];
  readonly separator?: string;
  readonly k?: number;
  readonly micro?: number;
  readonly previous?: SavedSegments;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface Segmented {
  readonly card: SegmentsCard;
  readonly saved: SavedSegments;
  /** A segment's id per row of a flat table, `null` for a row left out; per customer of a log of orders. */
  readonly assignments:
    | readonly (number | null)[]
    | readonly { readonly customer: string; readonly segment: number; readonly rfm: string }[];
}

/** @throws InchwormError "input", "insufficient-data" or "aborted" */
export async function segmentFile(path: string, options: SegmentFileOptions): Promise<Segmented> {
  const { orders, log = {}, columns, separator, previous, signal, onProgress } = options;
  const common = { signal, onProgress, ...(separator !== undefined && { separator }) };
  if (orders) {
    const customers = await readCustomers(path, orders, { ...log, ...common });
    const model = await fit(customers.table, options, orderWords);
    const ids = model.ids(customers.table);
    const card = {
      ...cardOf(model, customers.table, options, [], customers.notes),
      rfm: rfmSummary(customers.rfm),
      until: customers.until,
    };
    const assignments = customers.ids.map((customer, row) => ({
      customer,
      segment: ids[row],
      rfm: customers.rfm[row],
    }));
    return { card, saved: { readings: [], scores: [], model }, assignments };
  }
  const wanted = columns ?? previous?.readings.map(({ name }) => name);
  const flat = await readFlat(path, {
    ...common,
    ...(wanted && { columns: wanted }),
    ...(previous && { previous: previous.scores }),
  });
  const model = await fit(flat.table, options, flat.words);
  const ids = model.ids(flat.table);
  const assignments = new Array<number | null>(flat.fileRows).fill(null);
  for (const [index, place] of flat.places.entries()) assignments[place] = ids[index];
  return {
    card: cardOf(model, flat.table, options, flat.leftOut, flat.notes),
    saved: { readings: flat.readings, scores: flat.scores, model },
    assignments,
  };
}

async function fit(
  table: Table,
  { k, micro, previous, seed, signal, onProgress }: SegmentFileOptions,
  words: Words,
): Promise<SegmentationModel> {
  const segments = k ?? micro;
  const different = segments === undefined ? 0 : distinctRows(table, segments);
  if (segments !== undefined && different < segments)
    throw new InchwormError(
      "insufficient-data",
      `${segments} segments need as many different rows, and there are ${different}.`,
      { hint: `Ask for ${different} or fewer${k === undefined ? " with --micro" : " with --k"}.` },
    );
  return segmentation({ seed, words, ...(segments !== undefined && { segments }) }).fit(table, {
    signal,
    onProgress: (share) =>
      onProgress({
        step: "finding segments",
        done: Math.floor(100 * share),
        total: 100,
        unit: "%",
      }),
    ...(previous && { previous: previous.model }),
  });
}

function distinctRows({ rows, columns }: Table, atMost: number): number {
  const seen = new Set<string>();
  for (let row = 0; row < rows && seen.size < atMost; row++)
    seen.add(
      columns.map((column) => (column.kind === "number" ? column.values[row] : "")).join(" "),
    );
  return seen.size;
}

function cardOf(
  model: SegmentationModel,
  table: Table,
  { micro, previous, seed }: SegmentFileOptions,
  leftOut: SegmentsCard["leftOut"],
  notes: readonly string[],
): SegmentsCard {
  const missing = table.columns
    .filter(({ name }) => !model.columns.includes(name))
    .map(({ name }) => ({ column: name, because: "it never varies" }));
  const alike =
    previous &&
    [...previous.model.columns].sort().join("\n") === [...model.columns].sort().join("\n");
  return {
    k: model.clusters,
    segments: model.segments.map(({ id, name, size, description }) => ({
      id,
      name,
      size,
      description,
    })),
    stability: model.stability,
    because: model.because,
    method: model.groups.kind,
    fidelity: model.fidelity,
    rows: table.rows,
    columns: model.columns,
    leftOut: [...leftOut, ...missing],
    notes: [
      ...notes,
      ...(previous && !alike
        ? [
            `The earlier model is of other columns (${shown(previous.model.columns)}): all segments are new.`,
          ]
        : []),
    ],
    seed,
    ...(micro !== undefined && { tree: treeOf(model.tree, model.segments) }),
  };
}
