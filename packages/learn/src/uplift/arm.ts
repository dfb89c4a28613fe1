import { breathe } from "../abort.js";
import type { Interval } from "../metrics/bootstrap.js";
import { sortedOrder } from "../metrics/metric.js";
import { takeRows } from "../table.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import type { Model, Table } from "../types.js";
import { calibrate, type EffectCalibration, effectAt, flat, meanEffect } from "./calibration.js";
import { type CrossFitted, crossFit } from "./cross-fit.js";
import { learnAll } from "./learners.js";
import { race } from "./race.js";
import { type Ranker, scoreBy } from "./ranker.js";
import type { Sample } from "./sample.js";
import { comparable } from "./samples.js";
import type { ArmUplift, UpliftLearner, UpliftOptions } from "./types.js";
import { becauseOf, verdictOf } from "./words.js";

/** One arm with what is needed to answer for new people. */
export interface FittedArm {
  readonly told: ArmUplift;
  readonly ranker: Ranker;
  readonly calibration: EffectCalibration;
  /** Trees that imitate the effects; absent where all effects are one. */
  readonly imitation?: Imitation;
}

export interface Imitation {
  readonly model: Model;
  /** Share of the variance of the effects that the trees follow. */
  readonly fidelity: number;
}

export interface ArmOptions extends Required<Omit<UpliftOptions, "repeats">> {
  readonly repeats: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (share: number) => void;
}

const repeatsFor = (rows: number): number => (rows < 5_000 ? 4 : rows < 20_000 ? 2 : 1);

export async function fitArm(
  arm: string,
  sample: Sample,
  options: ArmOptions,
): Promise<FittedArm & { readonly control: Model }> {
  const { seed, folds, resamples, signal, onProgress } = options;
  const rows = sample.outcome.length;
  const crossed = await crossFit(sample, {
    seed,
    folds,
    repeats: options.repeats ?? repeatsFor(rows),
    signal,
    onProgress: (share) => onProgress(0.85 * share),
  });
  const weights = comparable(sample);
  const learners = race(crossed, { ...sample, ...(weights && { weights }) }, { seed, resamples });
  await breathe(signal);
  onProgress(0.9);
  const best = learners.find(({ name, low }) => low > 0 && name !== "ate-only");
  const chosen = best?.name ?? "ate-only";
  const learned = await learnAll(sample, { seed, signal });
  onProgress(0.97);
  const ate = meanEffect(crossed.robust);
  const ranker = learned.rankers.get(chosen) as Ranker;
  const calibration = best
    ? calibrate(crossed.scores.get(chosen) as Float64Array, crossed.robust, crossed.folds[0])
    : flat(ate);
  const treat = best ? "ranked" : ate.low > 0 ? "all" : ate.high < 0 ? "none" : "undecided";
  const summary = {
    arm,
    rows,
    treated: sample.treated.reduce((sum, one) => sum + one, 0),
    ate,
    learners,
    chosen,
    signal: best !== undefined,
    treat,
  } as const;
  const imitation = best && (await imitate(sample.table, ranker, calibration, seed));
  onProgress(1);
  return {
    told: {
      ...summary,
      verdict: verdictOf(summary),
      because: becauseOf(summary),
      tenths: best ? tenthsOf(crossed, chosen) : [],
    },
    ranker,
    calibration,
    ...(imitation && { imitation }),
    control: learned.control,
  };
}

/** Mean effects of tenths of the people, ranked highest first. */
function tenthsOf({ ranks, robust }: CrossFitted, chosen: UpliftLearner): Interval[] {
  const repeats = ranks.get(chosen) as readonly Float64Array[];
  const rank = robust.map((_, row) => repeats.reduce((sum, one) => sum + one[row], 0));
  const order = sortedOrder(rank).reverse();
  return Array.from({ length: 10 }, (_, tenth) => {
    const from = Math.round((tenth * order.length) / 10);
    const until = Math.round(((tenth + 1) * order.length) / 10);
    return meanEffect(Float64Array.from(order.subarray(from, until), (row) => robust[row]));
  });
}

const mostImitated = 50_000;

async function imitate(
  table: Table,
  ranker: Ranker,
  calibration: EffectCalibration,
  seed: number,
): Promise<Imitation> {
  const step = Math.ceil(table.rows / mostImitated);
  const some = takeRows(
    table,
    Int32Array.from({ length: Math.ceil(table.rows / step) }, (_, place) => place * step),
  );
  const effects = scoreBy(ranker, some).map((score) => effectAt(calibration, score).value);
  const settings = { trees: 200, learningRate: 0.1, leaves: 15, minRows: 20, seed };
  const model = await gradientBoosting({ ...settings, objective: "squared-error" }).fit(
    some,
    effects,
  );
  const imitated = model.predict(some);
  const mean = effects.reduce((sum, value) => sum + value, 0) / effects.length;
  let missed = 0;
  let all = 0;
  for (const [row, effect] of effects.entries()) {
    missed += (effect - imitated[row]) ** 2;
    all += (effect - mean) ** 2;
  }
  return { model, fidelity: all > 0 ? Math.max(0, 1 - missed / all) : 1 };
}
