import { random } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";

/** Rows to learn from and rows to judge on. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** How a model is judged: every repeat judges each of the `judged` rows once. */
export interface Plan {
  /** Such as "5 folds, 3 times". */
  readonly name: string;
  readonly repeats: readonly (readonly Split[])[];
  readonly judged: Int32Array;
  /** Rows that may be looked at before judging. */
  readonly known: Int32Array;
}

/** Small data repeat their folds: there the luck of one division is large. */
export const repeatsFor = (rows: number): number => (rows < 20_000 ? 3 : 1);

/**
 * Folds drawn at random, each with the same share of positives, and drawn anew for each repeat.
 *
 * @throws InchwormError "insufficient-data" when a fold would lack one outcome
 */
export function foldPlan(labels: Float64Array, folds: number, repeats: number, seed: number): Plan {
  const all = Int32Array.from(labels.keys());
  const positives = all.filter((row) => labels[row] === 1);
  const negatives = all.filter((row) => labels[row] === 0);
  const fewer = Math.min(positives.length, negatives.length);
  if (fewer < folds) {
    const which =
      positives.length < negatives.length ? "the positive outcome" : "the other outcome";
    throw new InchwormError(
      "insufficient-data",
      `${folds} folds need at least ${folds} rows of each outcome, and there ${fewer === 1 ? "is 1 row" : `are ${fewer} rows`} of ${which}: ${folds - fewer} are missing.`,
      {
        hint: fewer >= 2 ? `Bring more rows, or pass --folds ${fewer}.` : "Bring more rows.",
      },
    );
  }
  const divided = Array.from({ length: repeats }, (_, repeat) => {
    const { shuffle } = random(seed, repeat + 1);
    const fold = new Int32Array(labels.length);
    // the second kind goes on where the first ended, so that folds differ by one row at most
    const order = [...shuffle(positives.slice()), ...shuffle(negatives.slice())];
    for (const [place, row] of order.entries()) fold[row] = place % folds;
    return Array.from({ length: folds }, (_, held) => ({
      train: all.filter((row) => fold[row] !== held),
      test: all.filter((row) => fold[row] === held),
    }));
  });
  const times = repeats === 1 ? "" : `, ${repeats} times`;
  return { name: `${folds} folds${times}`, repeats: divided, judged: all, known: all };
}

const trainShare = 0.8;

/**
 * The first 80 % of rows that are in the order of time to learn from, the rest to judge on. Rows of one time stay together.
 *
 * @throws InchwormError "input" when all rows are of one time; "insufficient-data" when either part lacks one outcome
 */
export function timePlan(labels: Float64Array, times: Float32Array | undefined): Plan {
  const rows = labels.length;
  const border = times ? borderNear(times, trainShare * rows) : Math.round(trainShare * rows);
  const all = Int32Array.from(labels.keys());
  const known = all.subarray(0, border);
  const judged = all.subarray(border);
  for (const [part, name] of [
    [known, "first 80 %"],
    [judged, "last 20 %"],
  ] as const) {
    const positives = part.reduce((sum, row) => sum + labels[row], 0);
    if (positives > 0 && positives < part.length) continue;
    throw new InchwormError(
      "insufficient-data",
      `Both outcomes must occur among the ${name} of the rows by time, and one does not.`,
      { hint: "Bring rows of a longer time, or leave out --time." },
    );
  }
  return {
    name: "the last 20 % by time",
    repeats: [[{ train: known, test: judged }]],
    judged,
    known,
  };
}

/** The place nearest to `wanted` before which the time changes. */
function borderNear(times: Float32Array, wanted: number): number {
  let best = -1;
  for (let row = 1; row < times.length; row++)
    if (times[row] !== times[row - 1] && Math.abs(row - wanted) < Math.abs(best - wanted))
      best = row;
  if (best < 0)
    throw new InchwormError("input", "All rows are of one time.", {
      hint: "Name another column with --time, or leave it out.",
    });
  return best;
}
