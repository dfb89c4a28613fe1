import { LearnError } from "../error.js";
import { makeClock } from "./clock.js";
import { fitGaps, priorShare } from "./fit.js";
import type { Gaps } from "./gap-waits.js";
import { groupShifts } from "./groups.js";
import { fromVector, priors } from "./likelihood.js";
import { gapShapes } from "./shape.js";
import { type OrderHistory, type Summary, summarise, weekdayCounts } from "./summary.js";

export interface GapModel {
  readonly at: Float64Array;
  readonly gaps: Gaps;
  readonly logLikelihood: number;
  readonly priorShare: number;
  /** What it was fitted to. */
  readonly summary: Summary;
}

const weekdayParameters = 6;

/**
 * Fits gaps to some of the customers, and every weekday's own pace where it makes the history likelier (by BIC).
 *
 * @throws LearnError "input" when nobody among them has ordered
 */
export async function fitGapModel(
  who: string,
  history: OrderHistory,
  rows: Int32Array,
  signal: AbortSignal | undefined,
): Promise<GapModel> {
  const plain = makeClock();
  const flat = summarise(history, plain, rows);
  if (!flat.orders.some((count) => count > 0))
    throw new LearnError("input", `${who}: nobody in this history has ordered before "asOf".`);
  const flatFit = await fitGaps(flat, signal, startFrom(flat));
  const busy = makeClock(weekdayCounts(history));
  const warped = summarise(history, busy, rows);
  const warpedFit = await fitGaps(warped, signal, flatFit.at);
  const gained =
    warpedFit.logLikelihood - warped.jacobian - (flatFit.logLikelihood - flat.jacobian);
  const count = flat.orders.reduce((sum, orders) => sum + Math.max(0, orders - 1), 0);
  const warp = gained > (weekdayParameters / 2) * Math.log(Math.max(2, count));
  const [clock, summary, fit] = warp ? [busy, warped, warpedFit] : [plain, flat, flatFit];
  const { groups } = history;
  const shifts = groups
    ? groupShifts(
        summary,
        Int32Array.from(rows, (row) => groups[row]),
        fit.at,
      )
    : new Float64Array(0);
  const parameters = fromVector(fit.at);
  const shapes = gapShapes(history, rows, clock, parameters, (row) =>
    groups ? (shifts[groups[row]] ?? 0) : 0,
  );
  return {
    at: fit.at,
    gaps: { clock, parameters, shifts, shapes },
    logLikelihood: fit.logLikelihood - summary.jacobian,
    priorShare: priorShare(summary, fit.at),
    summary,
  };
}

function startFrom({ orders, mean }: Summary): Float64Array {
  const start = Float64Array.from(priors, ([centre]) => centre);
  const repeating = Array.from(orders.keys()).filter((row) => orders[row] > 1);
  if (repeating.length > 0)
    start[0] = repeating.reduce((sum, row) => sum + mean[row], 0) / repeating.length;
  return start;
}
