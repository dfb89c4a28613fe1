import { auc, calibrationError, logLoss, measure } from "@inchworm/learn";
import type { Backtest, Instant, Measured, ModelCard } from "@inchworm/spec";
import type { PastScores, Store } from "@inchworm/store";
import { uniform } from "../dataset.js";
import { quantityMetrics, resampled } from "../quantity-metrics.js";
import type { Answers, Outcome, Scorer } from "../scorer.js";
import { day } from "../windows.js";

/** So many people tell how good scores were; of more, these are kept, the same ones every time. */
const mostKept = 50_000;
/** Fewer of either outcome, or fewer in all, tell nothing. */
const least = { ofEach: 10, rows: 50 };

/** What is to be kept of a scorer's answers so that they can be judged later; nothing of a scorer that cannot be. */
export function toKeep(
  { name, outcome }: Scorer,
  modelId: string,
  asOf: Instant,
  { contacts, fields }: Pick<Answers, "contacts" | "fields">,
): PastScores | undefined {
  if (!outcome) return undefined;
  const numbers = numbersOf(outcome, { fields });
  const scored: number[] = [];
  for (let row = 0; row < contacts.length; row++) if (!Number.isNaN(numbers[row])) scored.push(row);
  const share = mostKept / scored.length;
  const kept = share >= 1 ? scored : scored.filter((row) => uniform(contacts[row], 0) < share);
  return {
    scorer: name,
    modelId,
    asOf,
    until: asOf + outcome.horizonDays * day,
    contacts: Int32Array.from(kept, (row) => contacts[row]),
    values: Float64Array.from(kept, (row) => numbers[row]),
  };
}

/** A field's numbers, `NaN` where there is none. */
export function numbersOf({ field }: Outcome, { fields }: Pick<Answers, "fields">): Float64Array {
  return Float64Array.from(fields[field] ?? [], (value) =>
    typeof value === "number" ? value : Number.NaN,
  );
}

/** The latest kept scores whose days have passed, against what came; nothing where there are none, or too few. */
export async function backtest(
  scorer: Scorer,
  store: Store,
  card: ModelCard,
  asOf: Instant,
  seed: number,
): Promise<Backtest | undefined> {
  const { name, outcome } = scorer;
  if (!outcome) return undefined;
  const past = await store.pastScores(name, asOf);
  if (!past || past.contacts.length === 0) return undefined;
  const observed = await outcome.observe(store, {
    contacts: past.contacts,
    from: past.asOf,
    to: past.until,
  });
  const rows = Array.from(observed.keys()).filter((row) => !Number.isNaN(observed[row]));
  const foretold = Float64Array.from(rows, (row) => past.values[row]);
  const came = Float64Array.from(rows, (row) => observed[row]);
  const metrics =
    outcome.kind === "probability"
      ? ofProbability(foretold, came, seed)
      : ofQuantity(foretold, came, seed);
  if (!metrics) return undefined;
  const { modelId, asOf: scoredAt, until } = past;
  return {
    modelId,
    scoredAt,
    until,
    rows: rows.length,
    metrics,
    because: because(metrics, outcome, card, scoredAt, rows.length),
  };
}

type Metrics = Readonly<Record<string, Measured>>;

function ofProbability(
  foretold: Float64Array,
  came: Float64Array,
  seed: number,
): Metrics | undefined {
  const positives = came.reduce((sum, label) => sum + label, 0);
  if (Math.min(positives, came.length - positives) < least.ofEach) return undefined;
  return {
    auc: measure(auc, foretold, came, { seed }),
    logLoss: measure(logLoss, foretold, came, { seed }),
    calibrationError: measure(calibrationError, foretold, came, { seed }),
  };
}

function ofQuantity(foretold: Float64Array, came: Float64Array, seed: number): Metrics | undefined {
  if (came.length < least.rows) return undefined;
  const { mae, bias, gini } = quantityMetrics({ values: foretold }, came);
  return resampled({ mae, bias, gini }, came.length, seed);
}

function because(
  metrics: Metrics,
  outcome: Outcome,
  card: ModelCard,
  scoredAt: Instant,
  rows: number,
): string {
  const [key, name, unit] =
    outcome.kind === "probability"
      ? (["auc", "AUC", ""] as const)
      : (["mae", "mean error", outcome.unit === undefined ? "" : ` ${outcome.unit}`] as const);
  const said = ({ value, low, high }: Measured) =>
    `${value.toFixed(3)}${unit} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  const on = new Date(scoredAt).toISOString().slice(0, 10);
  const start = `The scores of ${on} against what came in the ${outcome.horizonDays} days after, ${rows.toLocaleString("en-US")} people: ${name} ${said(metrics[key])}`;
  const own = (card.metrics as Metrics)[key];
  const same = card.kind === outcome.kind && own !== undefined;
  return same ? `${start}; this model was judged at ${said(own)}.` : `${start}.`;
}
