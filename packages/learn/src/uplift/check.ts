import { LearnError } from "../error.js";
import { checkTable } from "../table.js";
import type { UpliftTrial } from "./types.js";

/** Fewer people than this in an arm tell nothing of anybody. */
export const leastPeople = 20;

/** @throws LearnError "input" naming the arm, outcome or column that cannot be used */
export function checkTrial(who: string, trial: UpliftTrial): void {
  const { table, arms, arm, outcome } = trial;
  checkTable(who, table);
  if (table.columns.length === 0)
    throw new LearnError("input", `${who}: the table has no columns to tell people apart by.`);
  if (arms.length < 2 || new Set(arms).size < arms.length)
    throw new LearnError(
      "input",
      `${who}: needs two or more arms of different names, got ${arms.length}.`,
      {
        hint: "Name the control first, then what was done to the others.",
      },
    );
  for (const [name, values] of Object.entries({ arm, outcome }))
    if (values.length !== table.rows)
      throw new LearnError(
        "input",
        `${who}: "${name}" has ${values.length} entries for ${table.rows} rows.`,
      );
  const counts = new Int32Array(arms.length);
  for (const [row, place] of arm.entries()) {
    if (place < 0 || place >= arms.length)
      throw new LearnError(
        "input",
        `${who}: arm ${place} in row ${row}, but there are ${arms.length} arms.`,
      );
    counts[place]++;
  }
  const few = counts.findIndex((count) => count < leastPeople);
  if (few >= 0)
    throw new LearnError(
      "input",
      `${who}: the arm "${arms[few]}" has ${counts[few]} people, and ${leastPeople} are needed.`,
      { hint: "Leave the arm out, or wait for more people." },
    );
  checkOutcome(who, outcome);
  if (trial.propensities instanceof Float64Array)
    checkPropensities(who, trial.propensities, table.rows, arms.length);
}

function checkOutcome(who: string, outcome: Float64Array): void {
  const wrong = outcome.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new LearnError(
      "input",
      `${who}: outcomes must be numbers, got ${outcome[wrong]} in row ${wrong}.`,
    );
  if (outcome.every((value) => value === outcome[0]))
    throw new LearnError("input", `${who}: every outcome is ${outcome[0]}.`, {
      hint: "Without people who did and people who did not, nothing can be told.",
    });
}

function checkPropensities(
  who: string,
  propensities: Float64Array,
  rows: number,
  arms: number,
): void {
  if (propensities.length !== rows * arms)
    throw new LearnError(
      "input",
      `${who}: ${propensities.length} propensities for ${rows} rows and ${arms} arms.`,
    );
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let arm = 0; arm < arms; arm++) {
      const value = propensities[row * arms + arm];
      if (!(value > 0 && value < 1))
        throw new LearnError(
          "input",
          `${who}: propensities must be numbers > 0 and < 1, got ${value} in row ${row}.`,
          { hint: "Leave out people who could not have been in every arm." },
        );
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-6)
      throw new LearnError(
        "input",
        `${who}: the propensities of row ${row} add up to ${sum}, not 1.`,
      );
  }
}
