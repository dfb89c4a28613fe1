import { LearnError } from "../error.js";
import { random } from "../random.js";

/** Which rows of a table to learn from and which to judge by. */
export interface Split {
  /** Rows of the table, those to learn from first; undefined = all, as they stand. */
  readonly order: Uint32Array | undefined;
  readonly rows: number;
  readonly trained: number;
}

/** Every row that carries weight. A row of weight 0 is as if it were not there. */
export function weighted(rows: number, weights: Float64Array | undefined): Split {
  if (!weights?.some((weight) => Math.fround(weight) === 0))
    return { order: undefined, rows, trained: rows };
  const order = Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => Math.fround(weights[row]) > 0,
  );
  return { order, rows: order.length, trained: order.length };
}

/** Keeps a share of the rows for validation, drawn by the seed; at least one row stays on either side. */
export function holdOut(split: Split, share: number, seed: number): Split {
  const rows = rowsOf(split);
  if (rows.length < 2) return split;
  const shuffled = random(seed, 0x5eed).shuffle(rows.slice());
  const kept = Math.min(rows.length - 1, Math.max(1, Math.round(share * rows.length)));
  const trained = rows.length - kept;
  const order = new Uint32Array(rows.length);
  order.set(shuffled.subarray(0, trained).sort());
  order.set(shuffled.subarray(trained).sort(), trained);
  return { order, rows: rows.length, trained };
}

/** One split per fold: its rows are judged, all others (also those of fold -1) are learned from. */
export function foldSplits(who: string, split: Split, folds: Int32Array, rows: number): Split[] {
  if (folds.length !== rows)
    throw new LearnError("input", `${who}: ${folds.length} folds for ${rows} rows.`);
  const present = rowsOf(split);
  const names = new Set<number>();
  for (const row of present) if (folds[row] >= 0) names.add(folds[row]);
  const splits = [...names]
    .sort((one, other) => one - other)
    .map((fold): Split => {
      const learned = present.filter((row) => folds[row] !== fold);
      const judged = present.filter((row) => folds[row] === fold);
      const order = new Uint32Array(present.length);
      order.set(learned);
      order.set(judged, learned.length);
      return { order, rows: present.length, trained: learned.length };
    });
  if (splits.length === 0 || splits.some(({ trained }) => trained === 0))
    throw new LearnError(
      "input",
      `${who}: "folds" leave no rows to learn from, or none to judge.`,
      {
        hint: "Give each row the number of its fold, from 0, or -1 to learn from it always.",
      },
    );
  return splits;
}

function rowsOf({ order, rows }: Split): Uint32Array {
  return order ?? Uint32Array.from({ length: rows }, (_, row) => row);
}
