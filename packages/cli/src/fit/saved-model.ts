import { readFileSync } from "node:fs";
import {
  type Artifact,
  type ArtifactReader,
  type BinaryClassifierModel,
  binaryClassifier,
  LearnError,
  makeArtifact,
  openArtifact,
} from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { loadReading, type Reading } from "../table/reading.js";
import type { FitCard } from "./card.js";

/** A model and how the columns of a flat file are read for it. */
export interface SavedModel {
  readonly target: string;
  readonly positive: string;
  readonly readings: readonly Reading[];
  readonly model: BinaryClassifierModel;
}

const kind = "fitted-model";
const version = 1;

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
export function loadModel(path: string): SavedModel {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new InchwormError("input", `There is no model ${path}.`, {
        hint: "Make one first: inchworm fit data.csv --target COLUMN --out model.json",
      });
    if (code === "ERR_STRING_TOO_LONG" || code === "ERR_FS_FILE_TOO_LARGE")
      throw noModel(path, "it is too large");
    throw new InchwormError(
      "input",
      code === "EISDIR"
        ? `${path} is a directory, not a model.`
        : `${path} cannot be read (${code}).`,
      { hint: "Name the model.json that inchworm fit wrote." },
    );
  }
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch {
    throw noModel(path, "it is not JSON, or cut off");
  }
  try {
    return read(openArtifact(saved, kind, version));
  } catch (error) {
    if (LearnError.is(error)) throw noModel(path, error.message);
    throw error;
  }
}

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

const noModel = (path: string, why: string): InchwormError =>
  new InchwormError(
    "artifact",
    `${path} is no model that inchworm fit wrote: ${why.replace(/\.$/, "")}.`,
    {
      hint: "Name the model.json of inchworm fit, or fit it again.",
    },
  );
