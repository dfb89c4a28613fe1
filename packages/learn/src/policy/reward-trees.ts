import { breathe } from "../abort.js";
import { takeRows } from "../table.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import type { BoostingModel } from "../tree/model.js";
import type { Column, Table } from "../types.js";
import type { Folds } from "./reward-rates.js";
import type { DecisionLog } from "./types.js";

/** Rows that are scored at once, times actions. */
const chunk = 200_000;

export interface RewardTrees {
  /** Of the action taken in each row, by trees that had not seen the row. */
  readonly taken: Float64Array;
  /** Gives the rewards expected of every action, row by row; the array is written over for the next row. */
  visit(visitor: (row: number, expected: Float64Array) => void): Promise<void>;
}

/** Boosted trees on context, action and position, one model per fold, learned in the others. */
export async function rewardTrees(
  log: DecisionLog & { readonly context: Table },
  folds: Folds,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<RewardTrees> {
  const { rows, reward, action, actions } = log;
  const members = Array.from({ length: folds.count }, (_, fold) => rowsWhere(folds, fold, true));
  const models: BoostingModel[] = [];
  const taken = new Float64Array(rows);
  for (const [fold, those] of members.entries()) {
    const others = rowsWhere(folds, fold, false);
    const labels = Float64Array.from(others, (row) => reward[row]);
    const trees = gradientBoosting({ objective: "squared-error", trees: 200, seed, patience: 20 });
    const seen = withAction(log, others, (row) => action[row]);
    const model = await trees.fit(seen, labels, signal ? { signal } : {});
    const own = model.predict(withAction(log, those, (row) => action[row]));
    for (const [place, row] of those.entries()) taken[row] = own[place];
    models.push(model);
  }
  return {
    taken,
    async visit(visitor) {
      const step = Math.max(1, Math.floor(chunk / actions.length));
      for (const [fold, those] of members.entries())
        for (let first = 0; first < those.length; first += step) {
          await breathe(signal);
          const some = those.subarray(first, first + step);
          const repeated = new Int32Array(some.length * actions.length);
          for (let at = 0; at < repeated.length; at++)
            repeated[at] = some[Math.floor(at / actions.length)];
          const every = withAction(log, repeated, (_, at) => at % actions.length);
          const expected = models[fold].predict(every);
          for (const [place, row] of some.entries())
            visitor(row, expected.subarray(place * actions.length, (place + 1) * actions.length));
        }
    },
  };
}

function rowsWhere(folds: Folds, fold: number, inside: boolean): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < folds.of.length; row++)
    if ((folds.of[row] === fold) === inside) rows.push(row);
  return Int32Array.from(rows);
}

/** These rows' context, with the action and the position as columns of names that no context has. */
function withAction(
  { context, actions, position }: DecisionLog & { readonly context: Table },
  rows: Int32Array,
  actionOf: (row: number, at: number) => number,
): Table {
  const columns: Column[] = [
    ...takeRows(context, rows).columns,
    { name: "\u0000action", kind: "category", codes: rows.map(actionOf), levels: actions },
  ];
  if (position) {
    const values = Float32Array.from(rows, (row) => position[row]);
    columns.push({ name: "\u0000position", kind: "number", values });
  }
  return { rows: rows.length, columns };
}
