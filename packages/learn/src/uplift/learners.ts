import type { Model } from "../types.js";
import { crossExpected, fitArm, fitLogistic, fitTrees, type Settings } from "./outcomes.js";
import { blendOf, type Ranker } from "./ranker.js";
import { armRows, robustScores, type Sample, takeSample } from "./sample.js";
import type { UpliftLearner } from "./types.js";

/** Everything that races, learned from one sample. */
export interface Learned {
  readonly rankers: ReadonlyMap<UpliftLearner, Ranker>;
  readonly control: Model;
  readonly treated: Model;
}

export async function learnAll(sample: Sample, settings: Settings): Promise<Learned> {
  const { table, outcome, treated, propensity, binary } = sample;
  const models = {
    control: await fitArm(sample, 0, settings),
    treated: await fitArm(sample, 1, settings),
  };
  const expected = await crossExpected(sample, settings);

  const difference = (one: Model, other: Model): Ranker => ({
    parts: [
      { weight: 1, model: one },
      { weight: -1, model: other },
    ],
  });
  const effects = new Map<UpliftLearner, Ranker>();
  effects.set("t-learner", difference(models.treated, models.control));
  effects.set("x-learner", await imputed(sample, models, settings));
  effects.set("dr-learner", {
    parts: [{ weight: 1, model: await fitTrees(table, robustScores(sample, expected), settings) }],
  });

  // Nie & Wager 2021, eq. 4: Σ ((y − m) − τ (t − e))², as a weighted regression
  const residual = outcome.map((_, row) => treated[row] - propensity[row]);
  const target = outcome.map((value, row) => {
    const mean =
      propensity[row] * expected.treated[row] + (1 - propensity[row]) * expected.control[row];
    return (value - mean) / residual[row];
  });
  const weights = residual.map((value) => value ** 2);
  effects.set("r-learner", {
    parts: [{ weight: 1, model: await fitTrees(table, target, { ...settings, weights }) }],
  });
  if (binary) {
    const [control, those] = await Promise.all(
      ([0, 1] as const).map((arm) =>
        fitLogistic(takeSample(sample, armRows(sample, arm)), settings),
      ),
    );
    effects.set("t-logistic", difference(those, control));
  }
  const rankers = new Map(effects);
  rankers.set("blend", blendOf([...effects.values()]));
  rankers.set("response", {
    parts: [{ weight: 1, model: await fitTrees(table, outcome, { ...settings, binary }) }],
  });
  rankers.set("ate-only", { parts: [] });
  return { rankers, ...models };
}

/** Künzel et al. 2019, eqs. 6 to 9, weighed by the share of the treated. */
async function imputed(
  sample: Sample,
  models: { readonly control: Model; readonly treated: Model },
  settings: Settings,
): Promise<Ranker> {
  const share = sample.propensity.reduce((sum, one) => sum + one, 0) / sample.propensity.length;
  const effectsOn = async (arm: 0 | 1) => {
    const { table, outcome } = takeSample(sample, armRows(sample, arm));
    const without = (arm === 1 ? models.control : models.treated).predict(table);
    const sign = arm === 1 ? 1 : -1;
    return fitTrees(
      table,
      outcome.map((value, row) => sign * (value - without[row])),
      settings,
    );
  };
  return {
    parts: [
      { weight: share, model: await effectsOn(0) },
      { weight: 1 - share, model: await effectsOn(1) },
    ],
  };
}
