import type { Instant } from "@inchworm/spec";
import { type CutoffRows, type Dataset, outcomeDataset } from "../dataset.js";
import type { History } from "../scorer.js";
import { backtestWindows, day } from "../windows.js";
import type { Question } from "./question.js";
import { type RecencyRule, recencyRule } from "./recency.js";

/** With fewer people one later day tells little: a model is then judged on several, one horizon apart. */
export const fewToJudge = 2000;
const mostDays = 4;

/** A later day to be foretold, and the rows of days before it. */
export interface LaterDay {
  readonly cutoff: Instant;
  readonly training: Dataset;
  readonly evaluation: Dataset;
}

/** A later day, and what a model and its simple rule, both learned from days before it, foretold of it. */
export interface ForetoldDay {
  readonly cutoff: Instant;
  readonly evaluation: Pick<Dataset, "rows" | "contacts" | "labels">;
  readonly model: Float64Array;
  readonly rule: Float64Array;
  /** The rate of the days before. */
  readonly rate: number;
}

/**
 * Days like the one a model is judged on, each one horizon before the other, latest first: as many as history allows, three at most.
 * Their labels end where those of the next one begin, so no outcome is judged twice.
 */
export async function earlierDays(
  history: History,
  question: Question,
  span: { readonly first: Instant; readonly asOf: Instant },
  known: Map<Instant, CutoffRows>,
  signal?: AbortSignal,
): Promise<LaterDay[]> {
  const { scorer, horizonDays } = question;
  const days: LaterDay[] = [];
  for (let back = 1; back < mostDays; back++) {
    const asOf = span.asOf - back * horizonDays * day;
    const windows = windowsAt(scorer, span.first, asOf, horizonDays);
    if (!windows) break;
    const rowsAt = (cutoffs: readonly Instant[]) =>
      outcomeDataset(history, question, { cutoffs, known, signal });
    const training = await rowsAt(windows.training);
    const evaluation = await rowsAt([windows.evaluation]);
    if (bothOccur(training) && bothOccur(evaluation))
      days.push({ cutoff: windows.evaluation, training, evaluation });
  }
  return days;
}

function windowsAt(scorer: string, first: Instant, asOf: Instant, horizonDays: number) {
  try {
    return backtestWindows(scorer, first, asOf, horizonDays);
  } catch {
    return undefined;
  }
}

const bothOccur = ({ labels }: Dataset): boolean => labels.includes(0) && labels.includes(1);

/** What a model foretold of the day, beside the rule and one rate for all. */
export function foretold(
  { cutoff, training, evaluation }: LaterDay,
  model: Float64Array,
  rule: RecencyRule,
): ForetoldDay {
  let [positives, all] = [0, 0];
  for (let row = 0; row < training.rows; row++) {
    const weight = training.weights?.[row] ?? 1;
    positives += training.labels[row] * weight;
    all += weight;
  }
  return {
    cutoff,
    evaluation,
    model,
    rule: recencyRule(training, evaluation, rule),
    rate: positives / all,
  };
}

/** Days on top of each other, with the place of each row's day. */
export function joinDays(days: readonly ForetoldDay[]) {
  const join = (of: (day: ForetoldDay) => ArrayLike<number>): Float64Array =>
    Float64Array.from(days.flatMap((one) => Array.from(of(one))));
  return {
    contacts: Int32Array.from(join(({ evaluation }) => evaluation.contacts)),
    labels: join(({ evaluation }) => evaluation.labels),
    model: join(({ model }) => model),
    rule: join(({ rule }) => rule),
    rate: join(({ rate, evaluation }) => new Float64Array(evaluation.rows).fill(rate)),
    days: Int32Array.from(
      days.flatMap(({ evaluation }, place) => new Array<number>(evaluation.rows).fill(place)),
    ),
  };
}
