import { makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { digamma, logGamma } from "../special/gamma.js";
import { normalQuantile } from "../special/normal.js";
import { checkLevel, checkSpending } from "./check.js";
import type { Likelihood } from "./family.js";
import { type Laplace, sides } from "./laplace.js";
import { invert, maximise, type Prior, precisionAt, priorShare } from "./maximise.js";
import { constraints, defaults } from "./options.js";
import { logSums, type SpendCells, spendCells } from "./spend-cells.js";
import type { PurchaseOptions, SpendEstimator, SpendModel } from "./types.js";

const kind = "gamma-gamma";
const version = 1;
const letters = ["p", "q", "v"] as const;
/** CDNOW's repeat buyers (Fader & Hardie 2013), whose mean spend is 35.08. */
const centres = [6.25, 3.7442 - 1, 15.4434 / 35.08].map(Math.log);
const deviations = [1.5, 1.5, 1.5];
/** Beyond this correlation the number of purchases says too much of their size. */
const tolerable = 0.3;

/**
 * What customers spend on a purchase: gamma(p, ν) with ν ~ gamma(q, v) per customer, whatever their number of purchases (Fader,
 * Hardie & Lee 2005; Fader & Hardie 2013). The logarithms learned are those of p, q − 1 and v: with q ≤ 1 the mean would be infinite.
 */
export function gammaGamma(options: PurchaseOptions = {}): SpendEstimator {
  const { prior: weight } = { ...defaults, ...options };
  return {
    kind,
    async fit(spending, { signal } = {}) {
      checkOptions(kind, { prior: weight }, constraints);
      checkSpending(kind, spending);
      const cells = spendCells(spending);
      if (cells.monetary.length === 0)
        throw new LearnError("input", `${kind}: nobody has spent anything.`, {
          hint: "Pass the customers' numbers of purchases, and their mean spend above 0.",
        });
      const prior: Prior = {
        centres,
        deviations: deviations.map((one) => (weight > 0 ? one / Math.sqrt(weight) : Infinity)),
      };
      const likelihood = likelihoodOf(cells);
      const starts = [Float64Array.from(centres), Float64Array.of(0, 0, 0)];
      const { at, logLikelihood } = await maximise(
        likelihood,
        prior,
        starts,
        cells.customers,
        signal,
      );
      const covariance = invert(precisionAt(likelihood, prior, at), letters.length);
      return modelOf({
        at,
        covariance,
        unit: cells.unit,
        logLikelihood: logLikelihood - cells.customers * Math.log(cells.unit),
        customers: cells.customers,
        dropped: cells.dropped,
        correlation: cells.correlation,
        priorShare: priorShare(covariance, prior),
      });
    },
    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      return modelOf({
        at: data.numbers("at", { min: -30, max: 30, length: 3 }),
        covariance: data.numbers("covariance", { min: -1e6, max: 1e6, length: 9 }),
        unit: data.number("unit", { min: Number.MIN_VALUE }),
        logLikelihood: data.number("logLikelihood"),
        customers: data.number("customers", { min: 0 }),
        dropped: data.number("dropped", { min: 0 }),
        correlation: data.number("correlation", { min: -1.001, max: 1.001 }),
        priorShare: data.number("priorShare", { min: 0, max: 1 }),
      });
    },
  };
}

type SpendParameters = SpendModel["parameters"];

interface Fitted extends Laplace {
  readonly unit: number;
  readonly logLikelihood: number;
  readonly customers: number;
  readonly dropped: number;
  readonly correlation: number;
  readonly priorShare: number;
}

function modelOf(fit: Fitted): SpendModel {
  const { at, covariance, unit } = fit;
  const draw = (logs: Float64Array): SpendParameters => ({
    p: Math.exp(logs[0]),
    q: 1 + Math.exp(logs[1]),
    v: Math.exp(logs[2]) * unit,
  });
  const moved = (index: number, deviations: number) =>
    draw(
      at.map((entry, other) =>
        other === index ? entry + deviations * Math.sqrt(covariance[index * 4]) : entry,
      ),
    )[letters[index]];
  const byLetter = <T>(of: (index: number) => T) =>
    Object.fromEntries(letters.map((letter, index) => [letter, of(index)])) as Record<
      (typeof letters)[number],
      T
    >;
  const z = normalQuantile(0.975);
  const expected = (
    { p, q, v }: SpendParameters,
    frequency: Float64Array,
    monetary: Float64Array,
  ) =>
    frequency.map((x, row) =>
      x > 0 && monetary[row] > 0
        ? (p * (v + x * monetary[row])) / (p * x + q - 1)
        : (p * v) / (q - 1),
    );
  return {
    name: kind,
    parameters: byLetter((index) => moved(index, 0)),
    intervals: byLetter((index) => ({ low: moved(index, -z), high: moved(index, z) })),
    logLikelihood: fit.logLikelihood,
    customers: fit.customers,
    dropped: fit.dropped,
    correlation: fit.correlation,
    correlated: Math.abs(fit.correlation) > tolerable,
    priorShare: fit.priorShare,
    expectedSpend(spending) {
      checkSpending(kind, spending);
      return expected(draw(at), spending.frequency, spending.monetary);
    },
    uncertainty(spending, level) {
      checkSpending(kind, spending);
      checkLevel(kind, level);
      const { frequency, monetary } = spending;
      const reach = normalQuantile((1 + level) / 2);
      const variance = new Float64Array(spending.rows);
      for (const [above, below] of sides(fit)) {
        const one = expected(draw(above), frequency, monetary);
        const other = expected(draw(below), frequency, monetary);
        for (let row = 0; row < spending.rows; row++)
          variance[row] += (Math.log(one[row] / other[row]) / 2) ** 2;
      }
      const middle = expected(draw(at), frequency, monetary);
      const end = (side: number) =>
        middle.map((value, row) => value * Math.exp(side * reach * Math.sqrt(variance[row])));
      return { low: end(-1), high: end(1) };
    },
    save: () =>
      makeArtifact(kind, version, {
        at: Array.from(at),
        covariance: Array.from(covariance),
        unit,
        logLikelihood: fit.logLikelihood,
        customers: fit.customers,
        dropped: fit.dropped,
        correlation: fit.correlation,
        priorShare: fit.priorShare,
      }),
  };
}

/** Fader & Hardie 2013, eq. 1a, in ln p, ln(q − 1) and ln v. */
function likelihoodOf(cells: SpendCells): Likelihood {
  const { frequencies, logs, counts } = cells;
  return (at, gradient) => {
    const p = Math.exp(at[0]);
    const q = 1 + Math.exp(at[1]);
    const v = Math.exp(at[2]);
    const [logGammaQ, slopeQ] = [logGamma(q), digamma(q)];
    let total = 0;
    let [byP, byQ, byV] = [0, 0, 0];
    for (let index = 0; index < frequencies.length; index++) {
      const x = frequencies[index];
      const shape = p * x;
      const both = shape + q;
      const count = counts[index];
      const { sum, slope: inverses } = logSums(cells, index, v);
      const logX = Math.log(x);
      total +=
        count * (logGamma(both) - logGamma(shape) - logGammaQ + q * at[2] + shape * logX) +
        (shape - 1) * logs[index] -
        both * sum;
      const slope = digamma(both);
      byP += x * (count * (slope - digamma(shape) + logX) + logs[index] - sum);
      byQ += count * (slope - slopeQ + at[2]) - sum;
      byV += (count * q) / v - both * inverses;
    }
    gradient[0] = byP * p;
    gradient[1] = byQ * (q - 1);
    gradient[2] = byV * v;
    return total;
  };
}
