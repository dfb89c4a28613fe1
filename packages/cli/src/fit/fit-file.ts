import { binaryClassifier, type FitOptions, findLeaks } from "@inchworm/learn";
import type { OnProgress } from "@inchworm/spec";
import { openFlatFile } from "@inchworm/store";
import { baseline } from "./baseline.js";
import type { FitCard } from "./card.js";
import { crossValidate } from "./cross-validate.js";
import { type DataOptions, readData } from "./data.js";
import { importance } from "./importance.js";
import { judge } from "./judge.js";
import type { SavedModel } from "./saved-model.js";
import { foldPlan, repeatsFor, timePlan } from "./splits.js";

export interface FitFileOptions extends DataOptions {
  readonly separator?: string;
  readonly folds: number;
  /** Defaults to 3 below 20,000 rows, else 1. */
  readonly repeats?: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/**
 * Learns from a flat file: judges the default classifier and its baseline on rows that neither had seen, then fits all rows.
 *
 * @throws InchwormError "input", "insufficient-data" or "aborted"
 */
export async function fitFile(
  path: string,
  options: FitFileOptions,
): Promise<{ readonly card: FitCard; readonly saved: SavedModel }> {
  const { seed, signal, onProgress } = options;
  const percent = (step: string) => (share: number) =>
    onProgress({ step, done: Math.floor(100 * share), total: 100, unit: "%" });
  const { separator } = options;
  const file = await openFlatFile(path, { signal, onProgress, ...(separator && { separator }) });
  const data = await readData(file, path, options, percent("looking at columns")).finally(
    file.close,
  );
  const { table, labels, times, target, readings } = data;
  const ordered = options.time !== undefined;
  const plan = ordered
    ? timePlan(labels, times)
    : foldPlan(labels, options.folds, options.repeats ?? repeatsFor(table.rows), seed);
  const fitting = (step: string): FitOptions => ({ signal, onProgress: percent(step) });

  const estimator = binaryClassifier({ seed, ordered });
  const scores = await crossValidate(
    plan,
    table,
    labels,
    async (train, own, test, fit) => (await estimator.fit(train, own, fit)).predict(test),
    fitting("cross-validating"),
  );
  const simple = await baseline(plan, table, labels, { ...fitting("fitting the baseline"), seed });
  const model = await estimator.fit(table, labels, fitting("fitting all rows"));
  const judgement = judge(plan, labels, scores, simple, seed);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return {
    saved: { target: target.column, positive: target.positive, readings, model },
    card: {
      learner: model.winner,
      target: target.column,
      positive: target.positive,
      rows: table.rows,
      columns: table.columns.length,
      baseRate: positives / table.rows,
      ...judgement,
      importance: importance(model, table),
      leakage: findLeaks(table, labels, { modelAuc: judgement.crossValidation.auc.value, seed }),
      leftOut: data.leftOut,
      notes: data.notes,
      seed,
    },
  };
}
