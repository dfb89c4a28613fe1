import {
  type Artifact,
  type ArtifactReader,
  type BinaryClassifierModel,
  binaryClassifier,
  makeArtifact,
  openArtifact,
} from "@inchworm/learn";
import { loadReading, type Reading } from "../table/reading.js";
import type { FitCard } from "./card.js";
import { readSaved } from "./read-saved.js";

/** A model and how the columns of a flat file are read for it. */
export interface SavedModel {
  readonly target: string;
  readonly positive: string;
  readonly readings: readonly Reading[];
  readonly model: BinaryClassifierModel;
}

const kind = "fitted-model";
const version = 1;
const by = {
  command: "inchworm fit",
  example: "inchworm fit data.csv --target COLUMN --out model.json",
};

export const saveModel = (
  { target, positive, readings, model }: SavedModel,
  card: FitCard,
): Artifact =>
  makeArtifact(kind, version, { target, positive, readings, classifier: model.save(), card });

/**
 * Reads a model that may come from anywhere.
 *
 * @throws InchwormError "input" when there is no such file; "artifact" when it is not a model that `fit` wrote
 */
export const loadModel = (path: string): SavedModel =>
  readSaved(path, by, (saved) => read(openArtifact(saved, kind, version)));

function read(data: ArtifactReader): SavedModel {
  const readings = data.objects("readings").map(loadReading);
  const model = binaryClassifier().load(data.artifact("classifier") as Artifact);
  // a model that wants other columns than are read for it would fail only later
  model.predict({
    rows: 0,
    columns: readings.map(({ name, kind }) =>
      kind === "number" || kind === "date"
        ? { name, kind: "number", values: new Float32Array(0) }
        : { name, kind: "category", codes: new Int32Array(0), levels: [] },
    ),
  });
  return { target: data.text("target"), positive: data.text("positive"), readings, model };
}
