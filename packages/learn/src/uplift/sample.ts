import { takeRows } from "../table.js";
import type { Table } from "../types.js";

/** People of one arm and of the control. */
export interface Sample {
  readonly table: Table;
  /** 1 = treated, 0 = control. */
  readonly treated: Uint8Array;
  readonly outcome: Float64Array;
  /** Chance to be treated, within the limits. */
  readonly propensity: Float64Array;
  /** Whether outcomes are 0 and 1. */
  readonly binary: boolean;
}

/** A chance nearer to 0 or 1 would let one person outweigh a hundred. */
export const clip = (propensity: number): number => Math.min(0.99, Math.max(0.01, propensity));

export function takeSample(sample: Sample, rows: Int32Array): Sample {
  return {
    table: takeRows(sample.table, rows),
    treated: Uint8Array.from(rows, (row) => sample.treated[row]),
    outcome: Float64Array.from(rows, (row) => sample.outcome[row]),
    propensity: Float64Array.from(rows, (row) => sample.propensity[row]),
    binary: sample.binary,
  };
}

export function armRows({ treated }: Sample, arm: 0 | 1): Int32Array {
  return Int32Array.from(treated.keys()).filter((row) => treated[row] === arm);
}

/** Outcomes that are expected of each row without and with the treatment. */
export interface Expected {
  readonly control: Float64Array;
  readonly treated: Float64Array;
}

/** The effect on each row, doubly robust: right on average where either the outcomes or the propensities are (Robins, Rotnitzky & Zhao 1994). */
export function robustScores(
  { treated, outcome, propensity }: Sample,
  expected: Expected,
): Float64Array {
  return outcome.map((value, row) => {
    const guess = expected.treated[row] - expected.control[row];
    return treated[row] === 1
      ? guess + (value - expected.treated[row]) / propensity[row]
      : guess - (value - expected.control[row]) / (1 - propensity[row]);
  });
}
