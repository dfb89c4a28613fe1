import {
  type Artifact,
  type BoostingModel,
  gradientBoosting,
  type Table,
  takeRows,
} from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { Spread } from "./value-spread.js";

/** Two models in a row: whether somebody buys, and how much those who do. */
export interface Hurdle {
  predict(table: Table): Spread;
  save(): HurdleArtifact;
}

export interface HurdleArtifact {
  readonly buys: Artifact;
  readonly amount: Artifact;
  /** Mean of what the logarithm's exponential leaves out (Duan 1983). */
  readonly smearing: number;
  readonly deviation: number;
}

const trees = { trees: 400, patience: 30 };
const buysEstimator = (seed: number) => gradientBoosting({ ...trees, objective: "binary", seed });
const amountEstimator = (seed: number) =>
  gradientBoosting({ ...trees, objective: "squared-error", seed });

/** Fewer buyers than this teach trees nothing about amounts, and fewer who bought nothing teach them nothing about who buys. */
export const least = { buyers: 100, others: 20 };

/** Learns P(buy) and E[log spend | buy] from what was known at past days; the amount comes back from its logarithm by smearing. */
export async function fitHurdle(
  table: Table,
  spent: Float64Array,
  options: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<Hurdle> {
  const fitOptions = options.signal ? { signal: options.signal } : {};
  const bought = Float64Array.from(spent, (amount) => (amount > 0 ? 1 : 0));
  const buyers = Int32Array.from(spent.keys()).filter((row) => spent[row] > 0);
  const buys = await buysEstimator(options.seed).fit(table, bought, fitOptions);
  const ofBuyers = takeRows(table, buyers);
  const logs = Float64Array.from(buyers, (row) => Math.log(spent[row]));
  const amount = await amountEstimator(options.seed).fit(ofBuyers, logs, fitOptions);
  const residuals = amount.predict(ofBuyers).map((predicted, row) => logs[row] - predicted);
  const mean = (values: Float64Array) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return hurdle(
    buys,
    amount,
    mean(residuals.map(Math.exp)),
    Math.sqrt(mean(residuals.map((residual) => residual * residual))),
  );
}

export function loadHurdle(artifact: HurdleArtifact): Hurdle {
  const { smearing, deviation } = artifact;
  if (!(smearing > 0) || !(deviation >= 0) || !Number.isFinite(smearing + deviation))
    throw new InchwormError("artifact", "value: what the store holds is not a value model.", {
      hint: "Train again: inchworm train --scorers value.",
    });
  return hurdle(
    buysEstimator(0).load(artifact.buys),
    amountEstimator(0).load(artifact.amount),
    smearing,
    deviation,
  );
}

function hurdle(
  buys: BoostingModel,
  amount: BoostingModel,
  smearing: number,
  deviation: number,
): Hurdle {
  return {
    predict(table) {
      const probability = buys.predict(table);
      const log = amount.predict(table);
      return {
        buys: probability,
        mean: probability.map((share, row) => share * Math.exp(log[row]) * smearing),
        deviation: new Float64Array(table.rows).fill(deviation),
      };
    },
    save: () => ({ buys: buys.save(), amount: amount.save(), smearing, deviation }),
  };
}
