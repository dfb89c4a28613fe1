import { makeArtifact } from "../artifact.js";
import type { Artifact, Explanation, Model, Table } from "../types.js";
import type { Forest } from "./forest.js";
import { saveForest } from "./forest-artifact.js";
import { rules } from "./objective.js";
import type { Objective } from "./options.js";
import { scorer } from "./score.js";
import { explainer } from "./shap.js";

export const kind = "gradient-boosting";
export const version = 1;

/** How much of the training loss the splits on a column saved, over all trees. */
export interface Importance {
  readonly column: string;
  readonly gain: number;
}

/** Boosted trees for one number per row: a probability, a mean, a rate or a quantile. */
export interface BoostingModel extends Model {
  readonly kind: typeof kind;
  readonly objective: Objective;
  /** The trees themselves, for exporters. */
  readonly forest: Forest;
  /** Before the link: log-odds for "binary", the logarithm of the rate for "poisson", else the prediction itself. */
  margin(table: Table): Float64Array;
  /** Columns by the loss they saved, most first; a column no tree uses has gain 0. */
  importance(): Importance[];
}

export function boostingModel(forest: Forest, objective: Objective): BoostingModel {
  const score = scorer(kind, forest);
  const explain = explainer(kind, forest);
  const { link } = rules(objective, 0.5);
  return {
    kind,
    objective,
    forest,
    margin: (table) => score(table),
    predict: (table) => score(table, link),
    explain: (table): Explanation => explain(table),
    importance: () => importance([forest]),
    save: (): Artifact => makeArtifact(kind, version, { objective, forest: saveForest(forest) }),
  };
}

export function importance(forests: readonly Forest[]): Importance[] {
  const { columns } = forests[0];
  const gains = new Float64Array(columns.length);
  for (const { feature, gain } of forests)
    for (let node = 0; node < feature.length; node++)
      if (feature[node] >= 0) gains[feature[node]] += gain[node];
  return columns
    .map(({ name }, index) => ({ column: name, gain: gains[index] }))
    .sort((one, other) => other.gain - one.gain);
}
