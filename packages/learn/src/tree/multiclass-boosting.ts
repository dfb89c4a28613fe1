import { makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { MULTICLASS } from "../kernels/layout.js";
import { threadsFor, wake } from "../kernels/pool.js";
import type { Artifact, Explanation, Table } from "../types.js";
import { type Forest, joinTrees } from "./forest.js";
import { loadForest, saveForest } from "./forest-artifact.js";
import { type Importance, importance } from "./model.js";
import { type BoostingOptions, sharedSettings } from "./options.js";
import type { Split } from "./rows.js";
import { scorer } from "./score.js";
import { explainer } from "./shap.js";
import {
  type BoostingFitOptions,
  checkData,
  forestColumns,
  type Job,
  type Problem,
  train,
} from "./train.js";

export const kind = "multiclass-boosting";
const version = 1;
const mostClasses = 256;

/** Boosted trees for one of several classes. */
export interface MulticlassModel {
  readonly kind: typeof kind;
  readonly classes: number;
  /** One forest per class; the softmax of their margins gives the probabilities. */
  readonly forests: readonly Forest[];
  /** The most probable class of each row. */
  predict(table: Table): Float64Array;
  /** Row-major, `rows × classes`; each row sums to 1. */
  probabilities(table: Table): Float64Array;
  /** Exact contributions to the margin of one class. */
  explain(table: Table, label: number): Explanation;
  importance(): Importance[];
  save(): Artifact;
}

export interface MulticlassBoosting {
  readonly kind: typeof kind;
  /** Labels are 0, 1, … up to the number of classes less 1. @throws LearnError "input" or "aborted" */
  fit(table: Table, labels: Float64Array, options?: BoostingFitOptions): Promise<MulticlassModel>;
  /** @throws LearnError "artifact" */
  load(artifact: Artifact): MulticlassModel;
}

/**
 * `gradientBoosting` for more than two outcomes: one tree per class and round, on the gradients of the softmax.
 *
 * @throws LearnError "input" for an option out of range
 */
export function multiclassBoosting(options: BoostingOptions = {}): MulticlassBoosting {
  const settings = sharedSettings(kind, options);
  return {
    kind,
    async fit(table, labels, fitOptions = {}) {
      wake(threadsFor(table.rows, settings.threads));
      checkData(
        kind,
        table,
        labels,
        fitOptions.weights,
        `integers from 0 to ${mostClasses - 1}`,
        (label) => Number.isInteger(label) && label >= 0 && label < mostClasses,
      );
      const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
      if (classes < 2)
        throw new LearnError("input", `${kind}: needs at least two classes, got one.`, {
          hint: "Number the classes from 0.",
        });
      const job: Job = { who: kind, table, labels, settings, fitOptions };
      const { grown, problem, rounds } = await train(job, (split) =>
        problemFor(job, classes, split),
      );
      const columns = forestColumns(table, grown.features);
      const kept = grown.rounds.slice(0, rounds);
      const forests = problem.start.map((start, k) =>
        joinTrees(
          columns,
          start,
          kept.map((trees) => trees[k]),
        ),
      );
      fitOptions.onProgress?.(1);
      return multiclassModel(forests);
    },
    load(artifact) {
      const forests = openArtifact(artifact, kind, version).objects("forests");
      if (forests.length < 2 || forests.length > mostClasses)
        throw new LearnError("artifact", `${kind}: an artifact needs 2 to ${mostClasses} forests.`);
      return multiclassModel(forests.map((forest) => loadForest(kind, forest)));
    },
  };
}

function problemFor(
  { labels, fitOptions: { weights } }: Job,
  classes: number,
  { order, trained }: Split,
): Problem {
  const sums = new Float64Array(classes);
  let total = 0;
  for (let place = 0; place < trained; place++) {
    const row = order ? order[place] : place;
    sums[labels[row]] += weights ? weights[row] : 1;
    total += weights ? weights[row] : 1;
  }
  return {
    shift: 0,
    scale: 1,
    start: Array.from(sums, (sum) => Math.log(Math.max(sum / total, 1e-6))),
    objective: MULTICLASS,
    bounds: { gradient: 1, hessian: (0.25 * classes) / (classes - 1) },
    quantile: 0.5,
    monotone: new Map(),
    loss(row, margins) {
      const highest = Math.max(...margins);
      const sum = margins.reduce((all, margin) => all + Math.exp(margin - highest), 0);
      return highest + Math.log(sum) - margins[labels[row]];
    },
  };
}

function multiclassModel(forests: readonly Forest[]): MulticlassModel {
  const margins = forests.map((forest) => scorer(kind, forest));
  const explainers = forests.map((forest) => explainer(kind, forest));
  const classes = forests.length;
  const probabilities = (table: Table): Float64Array => {
    const columns = margins.map((margin) => margin(table));
    const result = new Float64Array(table.rows * classes);
    for (let row = 0; row < table.rows; row++) {
      let highest = -Infinity;
      for (let k = 0; k < classes; k++) highest = Math.max(highest, columns[k][row]);
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        const share = Math.exp(columns[k][row] - highest);
        result[row * classes + k] = share;
        sum += share;
      }
      for (let k = 0; k < classes; k++) result[row * classes + k] /= sum;
    }
    return result;
  };
  return {
    kind,
    classes,
    forests,
    probabilities,
    predict(table) {
      const shares = probabilities(table);
      const best = new Float64Array(table.rows);
      for (let row = 0; row < table.rows; row++)
        for (let k = 1; k < classes; k++)
          if (shares[row * classes + k] > shares[row * classes + best[row]]) best[row] = k;
      return best;
    },
    explain(table, label) {
      if (!Number.isInteger(label) || label < 0 || label >= classes)
        throw new LearnError(
          "input",
          `${kind}: the class to explain must be an integer from 0 to ${classes - 1}, got ${label}.`,
        );
      return explainers[label](table);
    },
    importance: () => importance(forests),
    save: () => makeArtifact(kind, version, { forests: forests.map(saveForest) }),
  };
}
