import { random } from "../random.js";
import type { Folds } from "./reward-rates.js";
import { rewardRates } from "./reward-rates.js";
import { rewardTrees } from "./reward-trees.js";
import type { DecisionLog, PolicyEvaluation } from "./types.js";

/** What a reward model expects, row by row. */
export interface Expectations {
  readonly model: PolicyEvaluation["rewardModel"];
  /** Of the policy's choice: the mean over its probabilities. */
  readonly chosen: Float64Array;
  /** Of the action that was taken. */
  readonly taken: Float64Array;
}

export interface ExpectationOptions {
  readonly seed: number;
  readonly given?: ((row: number) => ArrayLike<number>) | undefined;
  readonly groups?: Int32Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

const foldCount = 5;
/** Trees find nothing in fewer. */
const leastRows = 500;

/** Rates of actions race with trees on the context; what errs less on rows it has not seen is used. */
export async function expectations(
  log: DecisionLog,
  probabilities: (row: number) => ArrayLike<number>,
  { seed, given, groups, signal }: ExpectationOptions,
): Promise<Expectations> {
  const { rows, action, reward, context } = log;
  const chosen = new Float64Array(rows);
  const taken = new Float64Array(rows);
  const visit = (row: number, expected: ArrayLike<number>): void => {
    const shares = probabilities(row);
    for (let index = 0; index < shares.length; index++)
      if (shares[index] > 0) chosen[row] += shares[index] * expected[index];
    taken[row] = expected[action[row]];
  };
  if (given) {
    for (let row = 0; row < rows; row++) visit(row, given(row));
    return { model: "given", chosen, taken };
  }
  const folds = drawFolds(rows, groups, seed);
  const rates = rewardRates(log, folds);
  if (context && context.columns.length > 0 && rows >= leastRows) {
    const trees = await rewardTrees({ ...log, context }, folds, { seed, signal });
    let gain = 0;
    for (let row = 0; row < rows; row++)
      gain += (reward[row] - rates(row)[action[row]]) ** 2 - (reward[row] - trees.taken[row]) ** 2;
    if (gain > 0) {
      await trees.visit(visit);
      return { model: "trees", chosen, taken };
    }
  }
  for (let row = 0; row < rows; row++) visit(row, rates(row));
  return { model: "rates", chosen, taken };
}

/** At random, everybody's rows in one fold. */
function drawFolds(rows: number, groups: Int32Array | undefined, seed: number): Folds {
  const { below } = random(seed);
  const drawn = Uint8Array.from({ length: rows }, () => below(foldCount));
  return { of: groups ? drawn.map((_, row) => drawn[groups[row]]) : drawn, count: foldCount };
}
