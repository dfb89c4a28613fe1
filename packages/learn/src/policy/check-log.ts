import { LearnError } from "../error.js";
import { checkTable } from "../table.js";
import type { ActionProbabilities, DecisionLog } from "./types.js";

export const who = "evaluatePolicy";

const bad = (message: string, hint?: string): LearnError =>
  new LearnError("input", `${who}: ${message}`, hint === undefined ? {} : { hint });

/** @throws LearnError "input" naming the column and row that cannot be used */
export function checkLog(log: DecisionLog): void {
  const { rows, actions, action, propensity, reward, context, position, person } = log;
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw bad(`"rows" must be an integer ≥ 1, got ${rows}.`);
  if (actions.length === 0 || new Set(actions).size < actions.length)
    throw bad("the log needs actions, each with a name of its own.");
  for (const [name, column] of Object.entries({ action, propensity, reward, position, person }))
    if (column !== undefined && column.length !== rows)
      throw bad(`"${name}" has ${column.length} entries, but the log has ${rows} rows.`);
  for (let row = 0; row < rows; row++) {
    if (!(action[row] >= 0 && action[row] < actions.length))
      throw bad(`action ${action[row]} in row ${row} is none of the ${actions.length}.`);
    if (!(propensity[row] > 0 && propensity[row] <= 1))
      throw bad(
        `the propensity in row ${row} is ${propensity[row]}.`,
        "It is the probability with which the action had been chosen: above 0, at most 1.",
      );
    if (!Number.isFinite(reward[row]))
      throw bad(`the reward in row ${row} is ${reward[row]}.`, "Leave out rows still pending.");
    if (position && position[row] < 0) throw bad(`position ${position[row]} in row ${row}.`);
  }
  if (!context) return;
  checkTable(who, context);
  if (context.rows !== rows)
    throw bad(`the context has ${context.rows} rows, but the log has ${rows}.`);
}

/** Rounded tables of probabilities are let pass, forgotten actions are not. */
const slack = 1e-3;

/** Asks the policy row by row, whatever form it has. @throws LearnError "input" where a row's probabilities are none */
export function policyRows(
  { rows, actions }: DecisionLog,
  policy: ActionProbabilities,
): (row: number) => ArrayLike<number> {
  const count = actions.length;
  const ask = ((): ((row: number) => ArrayLike<number>) => {
    if (typeof policy === "function") return policy;
    if (policy.length === count) return () => policy;
    if (policy.length === rows * count)
      return (row) => policy.subarray(row * count, (row + 1) * count);
    throw bad(
      `the policy has ${policy.length} probabilities.`,
      `Give one per action (${count}), or one per row and action (${rows * count}).`,
    );
  })();
  return (row) => {
    const probabilities = ask(row);
    let sum = 0;
    for (let index = 0; index < count; index++) {
      if (!(probabilities[index] >= 0)) throw bad(`the policy's probabilities in row ${row}.`);
      sum += probabilities[index];
    }
    if (probabilities.length === count && Math.abs(sum - 1) <= slack) return probabilities;
    throw bad(
      `the policy's ${probabilities.length} probabilities in row ${row} add up to ${sum}.`,
      `Give one for each of the ${count} actions; they add up to 1.`,
    );
  };
}
