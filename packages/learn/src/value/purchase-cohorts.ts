import { makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { type Cells, makeCells } from "./cells.js";
import { checkPurchases } from "./check.js";
import { families } from "./families.js";
import { type FamilyFit, fitFamily, priorOf } from "./fit-family.js";
import { fitTogether, type Together } from "./fit-together.js";
import { constraints, defaults } from "./options.js";
import { modelOf, purchaseModel } from "./purchase-model.js";
import { answersByCode } from "./route.js";
import type {
  CohortEstimator,
  CohortModel,
  PurchaseModel,
  PurchaseModelName,
  PurchaseOptions,
  Purchases,
} from "./types.js";

const kind = "purchase-cohorts";
const version = 1;

/**
 * One model of purchases per cohort (channel, country, month of the first purchase), their log parameters drawn from a normal
 * distribution common to all whose middle and spread are learned too (empirical Bayes). A cohort of five customers is answered
 * nearly as everybody, one of thousands by its own.
 */
export function purchaseCohorts(
  name: PurchaseModelName,
  options: PurchaseOptions = {},
): CohortEstimator {
  const { prior: weight } = { ...defaults, ...options };
  const family = families[name];
  return {
    kind,
    async fit(purchases, codes, { signal } = {}) {
      checkOptions(kind, { prior: weight }, constraints);
      checkPurchases(kind, purchases, family.whole);
      const count = countOf(codes, purchases.rows);
      const all = makeCells(purchases, family.whole ? 1 : undefined);
      if (all.rows === 0)
        throw new LearnError("input", `${kind}: there are no customers to learn from.`);
      const prior = priorOf(family, weight);
      const pooled = await fitFamily(family, all, prior, signal);
      const parts = split(purchases, codes, count, all.unit);
      const together = await fitTogether(pooled, parts, prior, signal);
      return cohortModel(
        name,
        modelOf(together.everybody),
        together.cohorts.map(modelOf),
        spreadOf(pooled, together),
      );
    },
    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      const found = data.choice("model", [name]);
      const single = purchaseModel(families[found], {});
      const saved = data.object("cohorts");
      const count = data.number("count", { min: 1, max: 1_000_000, integer: true });
      const spread = data.object("spread");
      const everybody = single.load(data.artifact("everybody") as never);
      return cohortModel(
        found,
        everybody,
        Array.from({ length: count }, (_, code) => single.load(saved.artifact(`${code}`) as never)),
        Object.fromEntries(
          Object.keys(everybody.parameters).map((letter) => [
            letter,
            spread.number(letter, { min: 0 }),
          ]),
        ),
      );
    },
  };
}

function cohortModel(
  name: PurchaseModelName,
  everybody: PurchaseModel,
  models: readonly PurchaseModel[],
  spread: Readonly<Record<string, number>>,
): CohortModel {
  return {
    everybody,
    cohorts: models,
    spread,
    logLikelihood: models.reduce((sum, model) => sum + model.logLikelihood, 0),
    of: (codes) => answersByCode(kind, codes, models, everybody),
    save: () =>
      makeArtifact(kind, version, {
        model: name,
        everybody: everybody.save(),
        count: models.length,
        cohorts: Object.fromEntries(models.map((model, code) => [code, model.save()])),
        spread,
      }),
  };
}

function spreadOf(pooled: FamilyFit, { spread }: Together): Record<string, number> {
  return Object.fromEntries(pooled.family.letters.map((letter, index) => [letter, spread[index]]));
}

function countOf(codes: Int32Array, rows: number): number {
  if (codes.length !== rows)
    throw new LearnError("input", `${kind}: ${codes.length} codes for ${rows} rows.`);
  let most = -1;
  for (const [row, code] of codes.entries()) {
    if (code < 0 || code >= 1_000_000)
      throw new LearnError(
        "input",
        `${kind}: row ${row} has code ${code}; codes are 0, 1, … without large gaps.`,
      );
    if (code > most) most = code;
  }
  return most + 1;
}

function split(purchases: Purchases, codes: Int32Array, count: number, unit: number): Cells[] {
  const rows = Array.from({ length: count }, (): number[] => []);
  for (const [row, code] of codes.entries()) rows[code].push(row);
  return rows.map((own) => {
    const take = (values: Float64Array) => Float64Array.from(own, (row) => values[row]);
    return makeCells(
      {
        rows: own.length,
        frequency: take(purchases.frequency),
        recency: take(purchases.recency),
        age: take(purchases.age),
        ...(purchases.weights && { weights: take(purchases.weights) }),
      },
      unit,
    );
  });
}
