import type { Explanation, Table } from "../types.js";
import { makeReaders } from "./columns.js";
import type { Forest } from "./forest.js";
import { answerAlike, explainAlike, questionsOf } from "./shap-alike.js";
import { type Memory, makeMemory } from "./shap-memory.js";
import { makePlan, type Plan } from "./shap-plan.js";

/**
 * Exact Shapley values of the margin under the trees' own conditional expectations (path-dependent TreeSHAP: Lundberg et al. 2020,
 * algorithm 2), in double precision: `base` plus a row's contributions is its margin.
 *
 * What a leaf gives to each feature of its path depends only on which of them the row satisfies. That set is found for all leaves
 * of a tree in one walk over its nodes, and what belongs to a set is worked out once and remembered (the idea of Fast TreeSHAP v2,
 * Yang 2021, filled on demand). What a whole tree gives depends only on how the row answers each of its splits: few of the many
 * answers occur, and each is worked out once.
 */
export function explainer(who: string, forest: Forest): (table: Table) => Explanation {
  const readersOf = makeReaders(who, forest.columns);
  let plans: readonly Plan[] | undefined;
  return (table) => {
    const readers = readersOf(table);
    plans ??= Array.from({ length: forest.roots.length - 1 }, (_, tree) =>
      makePlan(forest, forest.roots[tree]),
    );
    const width = forest.columns.length;
    const contributions = new Float64Array(table.rows * width);
    const values = new Float32Array(table.rows * width);
    for (let column = 0; column < width; column++)
      readers[column].read(0, table.rows, values, column, width);
    let base = forest.base;
    for (const plan of plans) {
      base += plan.mean;
      const memories = plan.paths.map(makeMemory);
      const masks = new Int32Array(plan.node.length);
      const row = (at: number, target: Float64Array, to: number) =>
        explainRow(forest, plan, memories, masks, values, at, target, to);
      if (answerAlike(plan, table.rows))
        explainAlike(questionsOf(forest, plan), values, width, contributions, row);
      else for (let at = 0; at < contributions.length; at += width) row(at, contributions, at);
    }
    return { base, columns: forest.columns.map(({ name }) => name), contributions };
  };
}

function explainRow(
  forest: Forest,
  plan: Plan,
  memories: readonly Memory[],
  masks: Int32Array,
  values: Float32Array,
  at: number,
  contributions: Float64Array,
  to: number,
): void {
  walk(forest, plan, masks, values, at);
  const { paths } = plan;
  for (let index = 0; index < paths.length; index++) {
    const { columns, leaf } = paths[index];
    const memory = memories[index];
    const mask = masks[leaf];
    const from = memory.find(mask);
    const { shares } = memory;
    for (let place = 0; place < columns.length; place++)
      contributions[to + columns[place]] += shares[from + place];
  }
}

/** Which conditions of its path a row satisfies, for each node at once. */
function walk(
  { threshold, set, sets, missing, left: leftOf }: Forest,
  { column, node, left, right, bit, again }: Plan,
  masks: Int32Array,
  values: Float32Array,
  at: number,
): void {
  masks[0] = 0;
  for (let index = 0; index < column.length; index++) {
    if (column[index] < 0) continue;
    const x = values[at + column[index]];
    const here = node[index];
    const goes =
      set[here] >= 0
        ? sets[set[here]][x] === 1
        : x <= threshold[here] || (Number.isNaN(x) && missing[here] === leftOf[here]);
    const mask = masks[index];
    // a second split on a column can only take its bit away
    const without = mask & ~bit[index];
    const kept = again[index] ? mask : mask | bit[index];
    masks[left[index]] = goes ? kept : without;
    masks[right[index]] = goes ? without : kept;
  }
}
