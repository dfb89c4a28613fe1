import type { Instant } from "@inchworm/spec";
import { type CutoffRows, type Dataset, outcomeDataset } from "../dataset.js";
import type { History, TrainOptions } from "../scorer.js";
import type { Windows } from "../windows.js";
import type { Question } from "./question.js";
import { mostTrainingRows, rareJudged, rareOutcomes } from "./train.js";

/** What happened to people in the past, as far as a question goes. */
export interface Past {
  readonly training: Dataset;
  readonly evaluation: Dataset;
  /** Rows of days that the refit looks at too. */
  readonly known: Map<Instant, CutoffRows>;
  /** Tells of the next step of the training. */
  step(name: string): void;
}

/** Steps beside the past days: see `trainQuestion`. */
const furtherSteps = 5;

/** The rows that a question is learned from and judged by. */
export async function pastRows(
  history: History,
  question: Question,
  windows: Windows,
  { signal, onProgress }: Pick<TrainOptions, "signal" | "onProgress">,
): Promise<Past> {
  const total = windows.training.length + windows.refit.length + furtherSteps;
  let done = 0;
  const step = (name: string) =>
    onProgress?.({ step: `${question.scorer}: ${name}`, done: done++, total });
  const common = { mostRows: mostTrainingRows, signal, onCutoff: () => step("past days") };
  const known = new Map<Instant, CutoffRows>();
  const training = await outcomeDataset(history, question, {
    ...common,
    known,
    rare: rareOutcomes,
    cutoffs: windows.training,
  });
  const evaluation = await outcomeDataset(history, question, {
    ...common,
    rare: rareJudged,
    cutoffs: [windows.evaluation],
  });
  return { training, evaluation, known, step };
}
