import { softplus } from "../calibrate/calibrator.js";
import { takeRows } from "../table.js";
import type { Table } from "../types.js";
import { type Contender, families, type Group } from "./contenders.js";
import type { Split } from "./splits.js";

/** How one contender did. */
export interface RaceResult {
  readonly contender: string;
  /** Mean log loss on rows it had not seen, before calibration. */
  readonly logLoss: number;
}

export interface RaceOutcome {
  readonly winner: Contender;
  readonly results: readonly RaceResult[];
  /** The winner's log-odds per split, of the rows judged there. */
  readonly margins: readonly Float64Array[];
}

export interface RaceInput {
  readonly table: Table;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly splits: readonly Split[];
  readonly groups: readonly Group[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (share: number) => void;
}

interface Runner {
  readonly contender: Contender;
  readonly margins: Float64Array[];
  /** Log loss per split and row. */
  readonly losses: Float64Array[];
}

/** Lets every contender learn from each split and judges it on the rest. */
export async function race(input: RaceInput): Promise<RaceOutcome> {
  const { table, labels, weights, splits, groups, signal, onProgress } = input;
  const runners = groups.map(({ contenders }) =>
    contenders.map((contender): Runner => ({ contender, margins: [], losses: [] })),
  );
  const steps = splits.length * groups.length;
  let done = 0;
  for (const { training, judged } of splits) {
    const part = takeRows(table, training);
    const partLabels = pick(labels, training);
    const rest = takeRows(table, judged);
    for (const [index, group] of groups.entries()) {
      const models = await group.fit(part, partLabels, {
        ...(weights && { weights: pick(weights, training) }),
        ...(signal && { signal }),
        onProgress: (share) => onProgress((done + share) / steps),
      });
      for (const [place, model] of models.entries()) {
        const margins = model.margin(rest);
        const runner = runners[index][place];
        runner.margins.push(margins);
        runner.losses.push(
          margins.map((margin, row) => softplus(labels[judged[row]] === 1 ? -margin : margin)),
        );
      }
      done++;
    }
  }
  const all = runners.flat();
  const judge = (left: Runner, right: Runner) => compare(left, right, splits, weights);
  const finalists = families.flatMap((family) => {
    const own = all.filter(({ contender }) => contender.family === family);
    return own.length > 0
      ? [own.reduce((best, other) => (judge(other, best).gap < 0 ? other : best))]
      : [];
  });
  // the plainest that no other beats by more than one standard error
  const winner = finalists.find((plain) =>
    finalists.every((other) => {
      const { gap, error } = judge(plain, other);
      return gap <= error;
    }),
  ) as Runner;
  const results = all.map(({ contender, losses }) => ({
    contender: contender.name,
    logLoss: pooledMean(losses, splits, weights),
  }));
  return { winner: winner.contender, results, margins: winner.margins };
}

/** By how much `left` loses more than `right`, and the standard error of that. */
function compare(
  left: Runner,
  right: Runner,
  splits: readonly Split[],
  weights: Float64Array | undefined,
): { gap: number; error: number } {
  const gaps = left.losses.map((losses, split) =>
    losses.map((loss, row) => loss - right.losses[split][row]),
  );
  const gap = pooledMean(gaps, splits, weights);
  let squares = 0;
  let total = 0;
  gaps.forEach((values, split) => {
    values.forEach((value, row) => {
      const weight = weights ? weights[splits[split].judged[row]] : 1;
      squares += (weight * (value - gap)) ** 2;
      total += weight;
    });
  });
  return { gap, error: Math.sqrt(squares) / total };
}

function pooledMean(
  values: readonly Float64Array[],
  splits: readonly Split[],
  weights: Float64Array | undefined,
): number {
  let sum = 0;
  let total = 0;
  values.forEach((part, split) => {
    part.forEach((value, row) => {
      const weight = weights ? weights[splits[split].judged[row]] : 1;
      sum += weight * value;
      total += weight;
    });
  });
  return sum / total;
}

export function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]);
}
