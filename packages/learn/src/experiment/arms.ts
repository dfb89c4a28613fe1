import { LearnError } from "../error.js";
import { linearised } from "./ratio.js";

/** Who was in which arm and what came of them, one entry per person. */
export interface ExperimentData {
  readonly arms: readonly string[];
  /** Place in `arms`; -1 = in none, and left out. */
  readonly arm: ArrayLike<number>;
  /** 1 or 0, or an amount. `NaN` = not known. */
  readonly outcome: ArrayLike<number>;
  /** Where the question is a ratio, such as revenue per click: what each person adds below the line. */
  readonly per?: ArrayLike<number>;
  /** What was known of each person before they were assigned, to take out of the outcome. `NaN` = not known. */
  readonly before?: readonly ArrayLike<number>[];
  /** Groups within which the effect is looked at too; -1 = in none. */
  readonly segments?: { readonly codes: ArrayLike<number>; readonly levels: readonly string[] };
}

/** One arm's people whose outcome is known. */
export interface Arm {
  readonly name: string;
  /** Everybody who was assigned to it. */
  readonly assigned: number;
  /** Their places in the data. */
  readonly rows: Int32Array;
  readonly values: Float64Array;
  readonly mean: number;
}

export interface Parted {
  readonly arms: readonly Arm[];
  readonly rate: boolean;
}

/** @throws LearnError "input" naming what is missing or does not fit */
export function partArms(data: ExperimentData): Parted {
  const { arms: names, arm, outcome, per, before = [], segments } = data;
  const rows = arm.length;
  const columns = [
    outcome,
    ...(per ? [per] : []),
    ...before,
    ...(segments ? [segments.codes] : []),
  ];
  if (columns.some((column) => column.length !== rows))
    throw new LearnError("input", "experiment: give one entry per person in every array.");
  if (names.length < 2)
    throw new LearnError(
      "input",
      names.length === 0
        ? "experiment: there is no arm."
        : `experiment: there is one arm, "${names[0]}"; an effect is a difference between two.`,
      { hint: "Add people who were not treated, as a control." },
    );
  const places = names.map((): number[] => []);
  const assigned = names.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const at = arm[row];
    if (at < 0) continue;
    if (!(at < names.length)) throw new LearnError("input", `experiment: there is no arm ${at}.`);
    assigned[at]++;
    const value = outcome[row];
    const below = per ? per[row] : 1;
    if (Number.isFinite(value) && Number.isFinite(below)) places[at].push(row);
  }
  const kept = places.map((some) => Int32Array.from(some));
  const rate =
    !per && kept.every((some) => some.every((row) => outcome[row] === 0 || outcome[row] === 1));
  const arms = kept.map((some, at): Arm => {
    if (some.length < 2)
      throw new LearnError(
        "input",
        `experiment: the arm "${names[at]}" has ${some.length === 0 ? "nobody" : "one person"} with an outcome; it takes two.`,
      );
    const plain = Float64Array.from(some, (row) => outcome[row]);
    const values = per
      ? linearised(
          plain,
          Float64Array.from(some, (row) => per[row]),
        )
      : plain;
    if (!values)
      throw new LearnError(
        "input",
        `experiment: in the arm "${names[at]}" there is nothing below the line of the ratio.`,
      );
    return { name: names[at], assigned: assigned[at], rows: some, values, mean: meanOf(values) };
  });
  if (arms.every(({ values }) => values.every((value) => value === arms[0].values[0])))
    throw new LearnError(
      "input",
      `experiment: everybody has the same outcome, ${arms[0].values[0]}; it cannot tell arms apart.`,
    );
  return { arms, rate };
}

function meanOf(values: Float64Array): number {
  let mean = 0;
  for (let row = 0; row < values.length; row++) mean += (values[row] - mean) / (row + 1);
  return mean;
}
