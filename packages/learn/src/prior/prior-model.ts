import { type ArtifactReader, badArtifact, makeArtifact } from "../artifact.js";
import { factor } from "../optimise/solve.js";
import { normalQuantile } from "../special/normal.js";
import { pickColumns } from "../table.js";
import type { Artifact, Explanation, Model, Table } from "../types.js";
import { design, type Signal } from "./signals.js";

/** A logistic model that knows how far it may be off, and how much of it was known before any row. */
export interface PriorLogisticModel extends Model {
  readonly kind: "prior-logistic";
  readonly signals: readonly Signal[];
  /** Log-odds of the average row, then per unit of each signal. */
  readonly coefficients: Float64Array;
  /** The interval of each row's probability, by what is left open about the coefficients. */
  interval(
    table: Table,
    level: number,
  ): { readonly low: Float64Array; readonly high: Float64Array };
  /**
   * How much of the coefficients is prior rather than data, 0 to 1: the mean weight of the prior in them, and what it would be with
   * so many times the rows (the pooling factor of Gelman & Pardoe 2006, in all directions together). `times` defaults to 1.
   */
  priorShare(times?: number): number;
  /** Mean standard error of the rows' log-odds, and what it would be with so many times the rows. `times` defaults to 1. */
  spread(table: Table, times?: number): number;
}

export const kind = "prior-logistic";
const version = 1;

export interface PriorFit {
  readonly signals: readonly Signal[];
  readonly coefficients: Float64Array;
  /** Of the data and of the prior, about intercept and coefficients; row-major and symmetric. */
  readonly information: Float64Array;
  readonly precision: Float64Array;
}

export function priorModel(fit: PriorFit): PriorLogisticModel {
  const { signals, coefficients, information, precision } = fit;
  const size = coefficients.length;
  const named = signals.map(({ name }) => ({ name, kind: "number" as const }));
  const unitsOf = (table: Table) => design(kind, signals, pickColumns(kind, table, named));
  const covarianceWith = (times: number) =>
    inverse(
      information.map((cell, index) => times * cell + precision[index]),
      size,
    );
  const covariance = covarianceWith(1);

  /** Log-odds of a row and their variance. */
  const at = (units: Float64Array, from: number, spread: Float64Array) => {
    let margin = 0;
    let variance = 0;
    for (let one = 0; one < size; one++) {
      const unit = units[from + one];
      margin += coefficients[one] * unit;
      for (let other = 0; other < size; other++)
        variance += unit * units[from + other] * spread[one * size + other];
    }
    return { margin, variance };
  };
  const [baseMargin, baseVariance] = [coefficients[0], covariance[0]];
  const base = baseMargin * caution(baseVariance);

  return {
    kind,
    signals,
    coefficients,
    predict(table) {
      const units = unitsOf(table);
      return Float64Array.from({ length: table.rows }, (_, row) => {
        const { margin, variance } = at(units, row * size, covariance);
        return sigmoid(margin * caution(variance));
      });
    },
    explain(table): Explanation {
      const units = unitsOf(table);
      const width = size - 1;
      const contributions = new Float64Array(table.rows * width);
      for (let row = 0; row < table.rows; row++) {
        const { variance } = at(units, row * size, covariance);
        const factor = caution(variance);
        // what caution takes from the base is told with the signals that make the row uncommon
        const moved = baseMargin * factor - base;
        const own = units.subarray(row * size + 1, (row + 1) * size);
        const distance = own.reduce((sum, unit) => sum + Math.abs(unit), 0);
        for (let signal = 0; signal < width; signal++) {
          const share = distance > 0 ? Math.abs(own[signal]) / distance : 0;
          contributions[row * width + signal] =
            factor * coefficients[signal + 1] * own[signal] + moved * share;
        }
      }
      return { base, columns: signals.map(({ name }) => name), contributions };
    },
    interval(table, level) {
      const units = unitsOf(table);
      const reach = normalQuantile((1 + level) / 2);
      const low = new Float64Array(table.rows);
      const high = new Float64Array(table.rows);
      for (let row = 0; row < table.rows; row++) {
        const { margin, variance } = at(units, row * size, covariance);
        low[row] = sigmoid(margin - reach * Math.sqrt(variance));
        high[row] = sigmoid(margin + reach * Math.sqrt(variance));
      }
      return { low, high };
    },
    priorShare(times = 1) {
      const posterior = covarianceWith(times);
      let trace = 0;
      for (let one = 1; one < size; one++)
        for (let other = 1; other < size; other++)
          trace += posterior[one * size + other] * precision[other * size + one];
      return Math.min(1, trace / (size - 1));
    },
    spread(table, times = 1) {
      const units = unitsOf(table);
      const spread = covarianceWith(times);
      let sum = 0;
      for (let row = 0; row < table.rows; row++)
        sum += Math.sqrt(at(units, row * size, spread).variance);
      return sum / table.rows;
    },
    save: (): Artifact =>
      makeArtifact(kind, version, {
        signals: signals.map((signal) => ({ ...signal })),
        coefficients: [...coefficients],
        information: [...information],
        precision: [...precision],
      }),
  };
}

/** @throws LearnError "artifact" */
export function readPriorModel(data: ArtifactReader): PriorLogisticModel {
  const signals = data.objects("signals").map((signal) => ({
    name: signal.text("name"),
    center: signal.number("center"),
    scale: signal.number("scale", { min: Number.MIN_VALUE }),
  }));
  const names = new Set(signals.map(({ name }) => name));
  if (signals.length === 0 || names.size < signals.length)
    throw badArtifact(kind, "it needs signals of different names");
  const size = signals.length + 1;
  const [information, precision] = (["information", "precision"] as const).map((key) =>
    data.numbers(key, { length: size * size, min: -1e12, max: 1e12 }),
  );
  for (let place = 0; place < size; place++)
    if (information[place * size + place] + precision[place * size + place] <= 0)
      throw badArtifact(kind, "its information is not positive");
  return priorModel({
    signals,
    coefficients: data.numbers("coefficients", { length: size }),
    information,
    precision,
  });
}

/** The mean of a sigmoid under a normal is the sigmoid of the mean, drawn towards one half by this (MacKay 1992, eq. 15). */
const caution = (variance: number): number => 1 / Math.sqrt(1 + (Math.PI * variance) / 8);

const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));

function inverse(matrix: Float64Array, size: number): Float64Array {
  const solve = factor(matrix, size);
  const inverted = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    const solved = solve(unit);
    for (let row = 0; row < size; row++) inverted[row * size + column] = solved[row];
  }
  return inverted;
}
