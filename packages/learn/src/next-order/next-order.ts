import { artifactKind, badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import type { Artifact } from "../types.js";
import { bgNbd } from "../value/bg-nbd.js";
import { mbgNbd } from "../value/mbg-nbd.js";
import { paretoNbd } from "../value/pareto-nbd.js";
import type { PurchaseModel } from "../value/types.js";
import { clockOf } from "./clock.js";
import { type Fitted, forecast, type NextOrderForecast } from "./forecast.js";
import { fitGapModel } from "./gap-model.js";
import { fromVector, type GapParameters, parameterCount } from "./likelihood.js";
import { purchasesOf } from "./purchase-waits.js";
import { knotCount, lognormal, type Shapes, shapeCount } from "./shape.js";
import { checkHistory, type OrderHistory, someOf } from "./summary.js";
import { type NextOrderBlend, type NextOrderWeighing, weigh } from "./weigh.js";

export interface NextOrderEstimator {
  readonly kind: "next-order";
  /**
   * How far to lean on a model of purchases, by how well each model would have foretold the last `horizonDays`.
   *
   * @throws LearnError "input" when the history cannot be read, or nobody in it had ordered before those days
   */
  weigh(
    history: OrderHistory,
    options: { readonly horizonDays: number; readonly signal?: AbortSignal },
  ): Promise<NextOrderWeighing>;
  /**
   * Without a `blend` gaps alone are asked.
   *
   * @throws LearnError "input" when the history cannot be read, or nobody in it has ordered before `asOf`
   */
  fit(
    history: OrderHistory,
    options?: { readonly blend?: NextOrderBlend; readonly signal?: AbortSignal },
  ): Promise<NextOrderModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): NextOrderModel;
}

export interface NextOrderModel {
  /** Of the model of gaps. */
  readonly parameters: GapParameters;
  /** The model of purchases that is asked beside it, and its share of the word, above 0; undefined where gaps alone are asked. */
  readonly purchase: { readonly model: PurchaseModel; readonly weight: number } | undefined;
  /** How busy each weekday is, Sunday first, mean 1; all 1 where weekdays explained nothing. */
  readonly weekdays: Float64Array;
  /** By group: how far its log gaps lie from everybody's. */
  readonly groupShifts: Float64Array;
  /** Of the gaps. */
  readonly logLikelihood: number;
  /** How much of the parameters is prior: 1 = all, 0 = none. */
  readonly priorShare: number;
  /** @throws LearnError "input" when offsets and days do not fit each other */
  forecast(history: OrderHistory): NextOrderForecast;
  save(): Artifact;
}

const kind = "next-order";
const version = 2;
/** More customers than this change so few parameters by nothing worth the time. */
const sampleRows = 20_000;

const purchaseEstimators = { "bg-nbd": bgNbd(), "mbg-nbd": mbgNbd(), "pareto-nbd": paretoNbd() };

/**
 * When each customer orders next.
 *
 * Log gaps between order days are normal with a mean and variance of the customer's own, which are drawn from a
 * normal-inverse-gamma common to all (of the customer's group, where groups are given); after each order a customer stops for good
 * with a beta-distributed probability. The gap still open counts as censored, and forecasts are conditional on its length. Where
 * gaps prove not to be lognormal, their distribution is bent to what it proved to be. Quiet and busy weekdays are allowed for where
 * they make the history likelier (by BIC).
 *
 * That suits customers with a rhythm. Customers who order at random and leave unseen are better foretold by a model of purchases
 * (BG/NBD, MBG/NBD, Pareto/NBD), which `fit` mixes in as far as `weigh` found it right.
 */
export function nextOrder(): NextOrderEstimator {
  return {
    kind,
    async weigh(history, { horizonDays, signal }) {
      const customers = checkHistory(kind, history);
      if (!(Number.isSafeInteger(horizonDays) && horizonDays > 0))
        throw new LearnError(
          "input",
          `${kind}: "horizonDays" must be an integer above 0, got ${horizonDays}.`,
        );
      const some = someOf(history, sample(customers));
      return weigh(kind, purchaseEstimators, some, horizonDays, signal);
    },

    async fit(history, { blend, signal } = {}) {
      const rows = sample(checkHistory(kind, history));
      const { gaps, summary, ...fit } = await fitGapModel(kind, history, rows, signal);
      const weight = blend?.weight ?? 0;
      if (!(weight >= 0 && weight <= 1))
        throw new LearnError("input", `${kind}: "blend.weight" must be 0 to 1, got ${weight}.`);
      if (!blend || weight === 0) return model({ ...fit, gaps });
      const estimator = purchaseEstimators[blend.purchase];
      const purchase = await estimator.fit(purchasesOf(summary), signal ? { signal } : {});
      return model({ ...fit, gaps, purchase: { model: purchase, weight } });
    },

    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      const at = data.numbers("at", { min: -30, max: 30, length: parameterCount });
      return model({
        at,
        gaps: {
          clock: clockOf(data.numbers("weekdays", { min: 1e-3, max: 7, length: 7 })),
          parameters: fromVector(at),
          shifts: data.numbers("shifts", { min: -30, max: 30 }),
          shapes: readShapes(
            data.numbers("shapes", { min: 0, max: 1, length: shapeCount * knotCount }),
          ),
        },
        ...(data.has("purchase") && {
          purchase: {
            model: loadPurchase(data.artifact("purchase")),
            weight: data.number("weight", { min: 0, max: 1 }),
          },
        }),
        logLikelihood: data.number("logLikelihood"),
        priorShare: data.number("priorShare", { min: 0, max: 1 }),
      });
    },
  };
}

interface FittedModel extends Fitted {
  readonly at: Float64Array;
  readonly logLikelihood: number;
  /** Of the gaps. */
  readonly priorShare: number;
}

function model(fitted: FittedModel): NextOrderModel {
  const { at, gaps, purchase, logLikelihood, priorShare: gapsShare } = fitted;
  const { clock, parameters, shifts, shapes } = gaps;
  const weight = purchase?.weight ?? 0;
  return {
    parameters,
    purchase,
    weekdays: clock.weekdays,
    groupShifts: shifts,
    logLikelihood,
    priorShare: (1 - weight) * gapsShare + weight * (purchase?.model.priorShare ?? 0),
    forecast(history) {
      checkHistory(kind, history);
      return forecast(history, fitted);
    },
    save: () =>
      makeArtifact(kind, version, {
        at: Array.from(at),
        weekdays: Array.from(clock.weekdays),
        shifts: Array.from(shifts),
        shapes: shapes.flatMap((shape) => Array.from(shape)),
        ...(purchase && { purchase: purchase.model.save(), weight }),
        logLikelihood,
        priorShare: gapsShare,
      }),
  };
}

function loadPurchase(artifact: unknown): PurchaseModel {
  const found = artifactKind(artifact);
  const estimator = Object.values(purchaseEstimators).find((one) => one.kind === found);
  if (!estimator) throw badArtifact(kind, "its model of purchases is of another kind");
  return estimator.load(artifact as Artifact);
}

function readShapes(flat: Float64Array): Shapes {
  const shapes = lognormal.map((_, group) =>
    flat.subarray(group * knotCount, (group + 1) * knotCount),
  );
  for (const shape of shapes)
    if (shape[0] !== 0 || shape.some((share, knot) => knot > 0 && share < shape[knot - 1]))
      throw badArtifact(kind, "a shape does not rise");
  return shapes;
}

/** Evenly spread, so that no order of the customers can bias it by more than their number does. */
const sample = (customers: number): Int32Array => {
  const size = Math.min(customers, sampleRows);
  return Int32Array.from({ length: size }, (_, row) => Math.floor((row * customers) / size));
};
