import { type ArtifactReader, artifactKind, badArtifact } from "../artifact.js";
import { logisticRegression } from "../linear/logistic-regression.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import type { Artifact, Model, Table } from "../types.js";

/** Ranks by a weighted sum of models; of none, nobody comes before anybody. */
export interface Ranker {
  readonly parts: readonly { readonly weight: number; readonly model: Model }[];
}

export function scoreBy({ parts }: Ranker, table: Table): Float64Array {
  const scores = new Float64Array(table.rows);
  for (const { weight, model } of parts) {
    const predicted = model.predict(table);
    for (let row = 0; row < scores.length; row++) scores[row] += weight * predicted[row];
  }
  return scores;
}

/** The mean of several. */
export const blendOf = (rankers: readonly Ranker[]): Ranker => ({
  parts: rankers.flatMap(({ parts }) =>
    parts.map(({ weight, model }) => ({ weight: weight / rankers.length, model })),
  ),
});

export const saveRanker = ({ parts }: Ranker) =>
  parts.map(({ weight, model }) => ({ weight, model: model.save() }));

const most = 100;

/** @throws LearnError "artifact" */
export function loadRanker(kind: string, saved: readonly ArtifactReader[]): Ranker {
  if (saved.length > most) throw badArtifact(kind, "it has too many parts");
  return {
    parts: saved.map((part) => ({
      weight: part.number("weight", { min: -1e6, max: 1e6 }),
      model: loadPart(part.artifact("model")),
    })),
  };
}

/** @throws LearnError "artifact" */
export function loadPart(saved: unknown): Model {
  const estimator =
    artifactKind(saved) === "logistic-regression" ? logisticRegression() : gradientBoosting();
  return estimator.load(saved as Artifact);
}
