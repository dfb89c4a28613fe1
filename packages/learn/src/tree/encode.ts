import { breathe } from "../abort.js";
import type { Arena } from "../kernels/arena.js";
import type { CrewCall } from "../kernels/crew.js";
import { MISSING, SAMPLE, SORT_BYTES } from "../kernels/layout.js";
import type { CategoryColumn, NumberColumn } from "../table.js";
import type { Table } from "../types.js";

/** A column of the table as the trees see it: bins, and what they stand for. */
export type Feature =
  | {
      readonly kind: "number";
      /** Place in the table's columns. */
      readonly column: number;
      /** Bin b holds the values above threshold b − 1 up to and including threshold b. */
      readonly thresholds: Float32Array;
    }
  | {
      readonly kind: "category";
      readonly column: number;
      /** The level of each bin, most frequent first. Further levels count as missing. */
      readonly levels: readonly string[];
    };

export interface Encoded {
  readonly features: readonly Feature[];
  /** Address of a table of addresses: one byte per row and feature. */
  readonly columnBins: number;
}

export interface EncodeInput {
  readonly table: Table;
  /** The table's rows in training order: `trained` rows to learn from, then rows for validation. */
  readonly order: Uint32Array | undefined;
  readonly rows: number;
  readonly trained: number;
  readonly bins: number;
  readonly threads: number;
  readonly call: CrewCall;
  readonly arena: Arena;
  /** Address of memory that is free until encoding is done, `slotBytes` for each column of two rounds. */
  readonly slots: number;
  readonly slotBytes: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Puts a table into bins: up to 255 per column, chosen so that each holds about as many rows, and one for missing values. Columns
 * that never vary are left out.
 */
export async function encode(input: EncodeInput): Promise<Encoded> {
  const { arena, table, rows } = input;
  const padded = Math.ceil(rows / 16) * 16;
  const out = table.columns.map(() => arena.take(padded));
  const found: Feature[] = [];
  const kept: number[] = [];
  for (let column = 0; column < table.columns.length; column++) {
    const category = table.columns[column];
    if (category.kind !== "category") continue;
    const levels = binLevels(input, category, arena.bytes(out[column], padded));
    if (levels) {
      found.push({ kind: "category", column, levels });
      kept.push(out[column]);
    }
  }
  for (const { column, thresholds } of await binNumbers(input, out)) {
    found.push({ kind: "number", column, thresholds });
    kept.push(out[column]);
  }
  // in the order of the table, so that of two equal splits the first column wins
  const sorted = found.map((feature, place) => ({ feature, address: kept[place] }));
  sorted.sort((one, other) => one.feature.column - other.feature.column);
  const features = sorted.map(({ feature }) => feature);

  const columnBins = arena.take(4 * Math.max(1, features.length));
  const addresses = arena.words(columnBins, features.length);
  for (let place = 0; place < features.length; place++) addresses[place] = sorted[place].address;
  return { features, columnBins };
}

async function binNumbers(
  {
    arena,
    table,
    order,
    rows,
    trained,
    bins,
    threads,
    call,
    slots,
    slotBytes,
    signal,
  }: EncodeInput,
  out: readonly number[],
): Promise<{ column: number; thresholds: Float32Array }[]> {
  const columns = table.columns.flatMap((column, index) =>
    column.kind === "number" ? [{ index, values: (column as NumberColumn).values }] : [],
  );
  const sampled = Math.min(trained, SAMPLE);
  const perThread = 2 * (4 * sampled + 64) + SORT_BYTES;
  const scratch = arena.take(threads * perThread);
  const results = arena.take(threads * 8);
  const thresholds = arena.take(threads * 1024);
  const fill = (place: number): void => {
    if (place >= columns.length) return;
    const slot = arena.floats(slots + (place % (2 * threads)) * slotBytes, rows);
    const { values } = columns[place];
    if (!order) slot.set(values);
    else for (let row = 0; row < rows; row++) slot[row] = values[order[row]];
  };
  const kept: { column: number; thresholds: Float32Array }[] = [];
  for (let thread = 0; thread < threads; thread++) fill(thread);
  for (let first = 0; first < columns.length; first += threads) {
    const count = Math.min(threads, columns.length - first);
    const round = call(
      "prepareColumn",
      (thread) => {
        const own = scratch + thread * perThread;
        const place = first + thread;
        return [
          slots + (place % (2 * threads)) * slotBytes,
          trained,
          rows,
          bins,
          thresholds + thread * 1024,
          out[columns[place].index],
          results + thread * 8,
          own,
          own + 4 * sampled + 64,
          own + 2 * (4 * sampled + 64),
        ];
      },
      count,
    );
    for (let thread = 0; thread < count; thread++) fill(first + threads + thread);
    await round;
    if (first % 64 < threads) await breathe(signal);
    for (let thread = 0; thread < count; thread++) {
      const [size, missing] = arena.words(results + thread * 8, 2);
      if (size > 0 || (size === 0 && missing))
        kept.push({
          column: columns[first + thread].index,
          thresholds: arena.floats(thresholds + thread * 1024, size).slice(),
        });
    }
  }
  return kept;
}

export function binLevels(
  { order, rows, trained, bins }: Pick<EncodeInput, "order" | "rows" | "trained" | "bins">,
  { codes, levels }: CategoryColumn,
  out: Uint8Array,
): string[] | undefined {
  const counts = new Int32Array(levels.length);
  let missing = 0;
  for (let row = 0; row < trained; row++) {
    const code = codes[order ? order[row] : row];
    if (code < 0) missing++;
    else counts[code]++;
  }
  const seen: number[] = [];
  for (let code = 0; code < levels.length; code++) if (counts[code] > 0) seen.push(code);
  seen.sort((one, other) => counts[other] - counts[one] || one - other);
  if (seen.length === 0 || (seen.length === 1 && missing === 0)) return undefined;
  const binned = seen.slice(0, bins);
  const binOf = new Uint8Array(levels.length).fill(MISSING);
  for (let bin = 0; bin < binned.length; bin++) binOf[binned[bin]] = bin;
  for (let row = 0; row < rows; row++) {
    const code = codes[order ? order[row] : row];
    out[row] = code < 0 ? MISSING : binOf[code];
  }
  return binned.map((code) => levels[code]);
}
