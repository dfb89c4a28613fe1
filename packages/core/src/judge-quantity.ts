import type { CardBase, Measured, QuantityCard, QuantityMetrics } from "@inchworm/spec";
import { type CardExtras, cardWindows } from "./judge.js";
import { type PreparedMetric, quantityMetrics, resampled } from "./quantity-metrics.js";
import type { Windows } from "./windows.js";

/** What a model or a rule foretold for every evaluation row. */
export interface Forecast {
  readonly values: Float64Array;
  /** Ends of the intervals that hold the truth in 50 % and in 80 % of cases. */
  readonly interval50?: readonly [low: Float64Array, high: Float64Array];
  readonly interval80?: readonly [low: Float64Array, high: Float64Array];
  /** Pinball loss of each row over the forecast's quantiles. */
  readonly pinball?: Float64Array;
}

export interface QuantityInput {
  readonly scorer: string;
  readonly question: string;
  readonly unit: string;
  readonly windows: Windows;
  readonly horizonDays: number;
  readonly trainingRows: number;
  /** What came, one per evaluation row. */
  readonly truth: Float64Array;
  readonly model: Forecast;
  /** At least one; the best of them on the evaluation rows is the one to beat. */
  readonly rules: readonly ({ readonly name: string } & Forecast)[];
  /** Which loss the verdict goes by; the model and every rule must have it. Defaults to "mae". */
  readonly decidedBy?: QuantityCard["decidedBy"];
  readonly drivers: CardBase["drivers"];
  readonly trainedAt: number;
  readonly seed: number;
  readonly dataHash: string;
  /** Metrics of a probability published beside the quantity. */
  readonly beside?: Pick<QuantityMetrics, "auc" | "calibrationError">;
  /** What only some cards say; goes into the card as it is. */
  readonly also?: CardExtras;
}

/**
 * The card of a race between a model and simple rules on the same later rows. Published only when the model's loss is below that
 * of the best rule beyond doubt: the high end of the paired interval of the difference is below 0.
 */
export function judgeQuantity(input: QuantityInput): QuantityCard {
  const { truth, model, seed, decidedBy = "mae", unit } = input;
  const lossOf = (forecast: Forecast) => plain(quantityMetrics(forecast, truth)[decidedBy], truth);
  const rules = [...input.rules].sort((left, right) => lossOf(left) - lossOf(right));
  const [best] = rules;
  const own = quantityMetrics(model, truth);
  const simple = quantityMetrics(best, truth);
  const prefixed = (name: string, metrics: object) =>
    Object.entries(metrics).map(([key, metric]) => [`${name} ${key}`, metric] as const);
  const measured = resampled(
    Object.fromEntries([
      ...prefixed("model", own),
      ...prefixed("rule", simple),
      ...prefixed("gain", differences(own, simple)),
      ...rules.flatMap((rule) => {
        const { mae, pinball } = quantityMetrics(rule, truth);
        return prefixed(`of ${rule.name}`, { mae, ...(pinball && { pinball }) });
      }),
    ]),
    truth.length,
    seed,
  );
  const those = (name: string) => {
    const found: Record<string, Measured> = {};
    for (const [key, value] of Object.entries(measured))
      if (key.startsWith(`${name} `)) found[key.slice(name.length + 1)] = value;
    return found as unknown as QuantityMetrics;
  };
  const metrics = { ...those("model"), ...input.beside };
  const rule = { name: best.name, ...those("rule") };
  const gain = those("gain");
  const decisive = gain[decidedBy] as Measured;
  const published = decisive.high < 0;
  return {
    kind: "quantity",
    scorer: input.scorer,
    question: input.question,
    verdict: published ? "published" : "withheld",
    because: because(published, decidedBy, metrics, rule, decisive, unit),
    trainedAt: input.trainedAt,
    windows: cardWindows(input.windows, input.horizonDays),
    unit,
    counts: { trainingRows: input.trainingRows, evaluationRows: truth.length },
    mean: truth.reduce((sum, value) => sum + value, 0) / truth.length,
    metrics,
    rule,
    rules: rules.map(({ name }) => ({ name, ...those(`of ${name}`) })),
    gain,
    decidedBy,
    calibration: groupsOf(model.values, truth),
    drivers: input.drivers,
    seed,
    dataHash: input.dataHash,
    ...input.also,
  };
}

const groups = 10;

/** Equal parts of the rows by forecast, the lowest first; rows of equal forecast stay together. */
export function groupsOf(values: Float64Array, truth: Float64Array): QuantityCard["calibration"] {
  const order = Int32Array.from(values.keys()).sort(
    (left, right) => values[left] - values[right] || left - right,
  );
  const found: { predicted: number; observed: number; rows: number }[] = [];
  let start = 0;
  for (let group = 1; group <= groups; group++) {
    let end = Math.max(start, Math.round((group / groups) * order.length));
    while (end < order.length && end > 0 && values[order[end]] === values[order[end - 1]]) end++;
    if (end === start) continue;
    const rows = order.subarray(start, end);
    const mean = (of: Float64Array) => rows.reduce((sum, row) => sum + of[row], 0) / rows.length;
    found.push({ predicted: mean(values), observed: mean(truth), rows: rows.length });
    start = end;
  }
  return found;
}

type Metrics = ReturnType<typeof quantityMetrics>;

const plain = (metric: PreparedMetric | undefined, truth: Float64Array): number =>
  metric?.(new Float64Array(truth.length).fill(1)) ?? Number.POSITIVE_INFINITY;

function differences(model: Metrics, rule: Metrics) {
  const minus = (one: PreparedMetric, other: PreparedMetric): PreparedMetric =>
    Object.assign((weights: Float64Array) => one(weights) - other(weights), {
      least: Number.NEGATIVE_INFINITY,
      most: Number.POSITIVE_INFINITY,
    });
  return {
    mae: minus(model.mae, rule.mae),
    ...(model.pinball && rule.pinball && { pinball: minus(model.pinball, rule.pinball) }),
  };
}

function because(
  published: boolean,
  decidedBy: QuantityCard["decidedBy"],
  own: QuantityMetrics,
  rule: QuantityCard["rule"],
  gain: Measured,
  unit: string,
): string {
  const of = (metrics: QuantityMetrics) => (metrics[decidedBy] as Measured).value.toFixed(3);
  const name = decidedBy === "mae" ? "mean error" : "pinball loss";
  const numbers = `${name} ${of(own)} against ${of(rule)} ${unit} of "${rule.name}" (difference ${gain.low.toFixed(3)} to ${gain.high.toFixed(3)})`;
  return published
    ? `It beat the best simple rule on later days: ${numbers}.`
    : `Withheld: it did not beat the best simple rule beyond doubt, ${numbers}.`;
}
