import { logLoss, type PriorLogisticModel, type Table } from "@inchworm/learn";
import type { ProbabilityCard } from "@inchworm/spec";

/** Evidence of so many to one is asked for. */
const leastOdds = 20;

export interface Foretold {
  /** The model's probabilities, from earlier windows alone, and the raw rates by recency of those windows. */
  readonly model: Float64Array;
  readonly raw: Float64Array;
  /** What came. */
  readonly labels: Float64Array;
}

/**
 * Whether a model led by priors is published. Fifty rows cannot show a gain beyond doubt by resampling; they can show evidence.
 * Over successive windows, each foretold from those before it, what came must have been at least 20 times as likely under the model
 * as under one rate for all, and that rate the best one in hindsight, window by window. Where nothing tells customers apart this
 * happens in at most one shop in twenty, whatever the number of customers and the priors (the split likelihood ratio of Wasserman,
 * Ramdas & Balakrishnan 2020, and Markov's inequality). It must also have foretold no worse than the raw rates by recency. Priors
 * that the data contradict are withheld by the same number; too few data to tell are said to be that.
 */
export function verdictOf(
  windows: readonly Foretold[],
  customers: number,
): Pick<ProbabilityCard, "verdict" | "because"> {
  const rows = windows.reduce((sum, { labels }) => sum + labels.length, 0);
  const total = (loss: (window: Foretold) => number) =>
    windows.reduce((sum, window) => sum + window.labels.length * loss(window), 0);
  const own = total(({ model, labels }) => logLoss(model, labels));
  const raw = total(({ raw, labels }) => logLoss(raw, labels));
  const constant = total(({ labels }) => entropy(labels));
  const evidence = constant - own;
  const published = evidence >= Math.log(leastOdds) && own <= raw;
  const each = (sum: number) => (sum / rows).toFixed(3);
  const numbers = `log loss ${each(own)} against ${each(constant)} of the best one rate for all and ${each(raw)} of raw rates by recency, over ${rows} outcomes of ${customers} customers in ${windows.length} windows`;
  if (published)
    return {
      verdict: "published",
      because: `Led by priors, and borne out by later days: ${numbers}; the odds against one rate for all are ${odds(evidence)}, ${leastOdds} to 1 are needed.`,
    };
  const missing = Math.ceil((Math.log(leastOdds) - evidence) / (evidence / rows));
  const why =
    evidence <= 0
      ? "later days contradict the priors"
      : own > raw
        ? "it foretold later days no better than raw rates by recency"
        : `later days tell it from one rate for all by odds of ${odds(evidence)}, and ${leastOdds} to 1 are needed: about ${missing} outcomes are missing`;
  return { verdict: "withheld", because: `Withheld: ${why}; ${numbers}.` };
}

/** How much of the answer is prior, and what more customers would change. */
export function priorOf(
  model: PriorLogisticModel,
  table: Table,
  customers: number,
): NonNullable<ProbabilityCard["prior"]> {
  const now = model.spread(table);
  let [low, high] = [1, 1e6];
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (model.spread(table, middle) > now / 2) low = middle;
    else high = middle;
  }
  const share = model.priorShare();
  const percent = (part: number) => `${Math.round(100 * part)} %`;
  return {
    share,
    because: `The weights are drawn towards priors from made-up shops of many kinds: with ${customers} customers ${percent(share)} of them is prior, with ${2 * customers} it would be ${percent(model.priorShare(2))}, and with about ${round(customers * high)} the intervals would be half as wide.`,
  };
}

/** The mean loss of the best one rate in hindsight. */
function entropy(labels: Float64Array): number {
  const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const part = (share: number) => (share > 0 ? -share * Math.log(share) : 0);
  return part(rate) + part(1 - rate);
}

const odds = (evidence: number): string => {
  if (evidence >= Math.log(1e6)) return "over a million to 1";
  const ratio = Math.exp(evidence);
  return ratio >= 10 ? `${round(ratio).toLocaleString("en-US")} to 1` : `${ratio.toFixed(1)} to 1`;
};

/** To two digits. */
const round = (value: number): number => Number(value.toPrecision(2));
