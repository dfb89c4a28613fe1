import { badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import type { Artifact } from "../types.js";
import { type Clock, clockOf, makeClock } from "./clock.js";
import { fitGaps, priorShare } from "./fit.js";
import { forecast, type NextOrderForecast } from "./forecast.js";
import { groupShifts } from "./groups.js";
import { fromVector, type GapParameters, parameterCount, priors } from "./likelihood.js";
import { gapShapes, knotCount, lognormal, type Shapes, shapeCount } from "./shape.js";
import {
  checkHistory,
  type OrderHistory,
  type Summary,
  summarise,
  weekdayCounts,
} from "./summary.js";

export interface NextOrderEstimator {
  readonly kind: "next-order";
  /** @throws LearnError "input" when the history cannot be read, or nobody in it has ordered before `asOf` */
  fit(history: OrderHistory, options?: { readonly signal?: AbortSignal }): Promise<NextOrderModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): NextOrderModel;
}

export interface NextOrderModel {
  readonly parameters: GapParameters;
  /** How busy each weekday is, Sunday first, mean 1; all 1 where weekdays explained nothing. */
  readonly weekdays: Float64Array;
  /** By group: how far its log gaps lie from everybody's. */
  readonly groupShifts: Float64Array;
  readonly logLikelihood: number;
  /** How much of the parameters is prior: 1 = all, 0 = none. */
  readonly priorShare: number;
  /** @throws LearnError "input" when offsets and days do not fit each other */
  forecast(history: OrderHistory): NextOrderForecast;
  save(): Artifact;
}

const kind = "next-order";
const version = 1;
/** More customers than this change six parameters by nothing worth the time. */
const sampleRows = 20_000;
const weekdayParameters = 6;

/**
 * When each customer orders next. Log gaps between order days are normal with a mean and variance of the customer's own, which
 * are drawn from a normal-inverse-gamma common to all (of the customer's group, where groups are given); after each order a
 * customer stops for good with a beta-distributed probability. The gap still open counts as censored, and forecasts are
 * conditional on its length. Where gaps prove not to be lognormal, their distribution is bent to what it proved to be. Quiet and busy weekdays are allowed for where they make the history likelier (by BIC).
 */
export function nextOrder(): NextOrderEstimator {
  return {
    kind,
    async fit(history, { signal } = {}) {
      const customers = checkHistory(kind, history);
      const rows = sample(customers);
      const plain = makeClock();
      const flat = summarise(history, plain, rows);
      if (!flat.orders.some((count) => count > 0))
        throw new LearnError("input", `${kind}: nobody in this history has ordered before "asOf".`);
      const flatFit = await fitGaps(flat, signal, startFrom(flat));
      const busy = makeClock(weekdayCounts(history));
      const warped = summarise(history, busy, rows);
      const warpedFit = await fitGaps(warped, signal, flatFit.at);
      const gained =
        warpedFit.logLikelihood - warped.jacobian - (flatFit.logLikelihood - flat.jacobian);
      const gaps = flat.orders.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
      const warp = gained > (weekdayParameters / 2) * Math.log(Math.max(2, gaps));
      const [clock, summary, fit] = warp ? [busy, warped, warpedFit] : [plain, flat, flatFit];
      const { groups } = history;
      const shifts = groups
        ? groupShifts(
            summary,
            Int32Array.from(rows, (row) => groups[row]),
            fit.at,
          )
        : new Float64Array(0);
      const shapes = gapShapes(history, rows, clock, fromVector(fit.at), (row) =>
        groups ? (shifts[groups[row]] ?? 0) : 0,
      );
      return model({
        at: fit.at,
        clock,
        shifts,
        shapes,
        logLikelihood: fit.logLikelihood - summary.jacobian,
        priorShare: priorShare(summary, fit.at),
      });
    },

    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      const clock = clockOf(data.numbers("weekdays", { min: 1e-3, max: 7, length: 7 }));
      return model({
        at: data.numbers("at", { min: -30, max: 30, length: parameterCount }),
        clock,
        shifts: data.numbers("shifts", { min: -30, max: 30 }),
        shapes: readShapes(
          data.numbers("shapes", { min: 0, max: 1, length: shapeCount * knotCount }),
        ),
        logLikelihood: data.number("logLikelihood"),
        priorShare: data.number("priorShare", { min: 0, max: 1 }),
      });
    },
  };
}

interface Fitted {
  readonly at: Float64Array;
  readonly clock: Clock;
  readonly shifts: Float64Array;
  readonly shapes: Shapes;
  readonly logLikelihood: number;
  readonly priorShare: number;
}

function model(fitted: Fitted): NextOrderModel {
  const { at, clock, shifts, shapes, logLikelihood, priorShare: prior } = fitted;
  const parameters = fromVector(at);
  return {
    parameters,
    weekdays: clock.weekdays,
    groupShifts: shifts,
    logLikelihood,
    priorShare: prior,
    forecast(history) {
      checkHistory(kind, history);
      return forecast(history, clock, parameters, shifts, shapes);
    },
    save: () =>
      makeArtifact(kind, version, {
        at: Array.from(at),
        weekdays: Array.from(clock.weekdays),
        shifts: Array.from(shifts),
        shapes: shapes.flatMap((shape) => Array.from(shape)),
        logLikelihood,
        priorShare: prior,
      }),
  };
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

function startFrom({ orders, mean }: Summary): Float64Array {
  const start = Float64Array.from(priors, ([centre]) => centre);
  const repeating = Array.from(orders.keys()).filter((row) => orders[row] > 1);
  if (repeating.length > 0)
    start[0] = repeating.reduce((sum, row) => sum + mean[row], 0) / repeating.length;
  return start;
}
