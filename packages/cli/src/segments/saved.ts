import { readFileSync } from "node:fs";
import {
  type Artifact,
  type ArtifactReader,
  LearnError,
  makeArtifact,
  openArtifact,
  type SegmentationModel,
  segmentation,
} from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { loadReading, type Reading } from "../table/reading.js";
import type { SegmentsCard } from "./card.js";
import type { LevelScores } from "./level-scores.js";

/** Segments, and how the columns of a flat file are read for them; none for a log of orders. */
export interface SavedSegments {
  readonly readings: readonly Reading[];
  /** The numbers that stand for levels. */
  readonly scores: readonly LevelScores[];
  readonly model: SegmentationModel;
}

const kind = "fitted-segments";
const version = 1;

export const saveSegments = (
  { readings, scores, model }: SavedSegments,
  card: SegmentsCard,
): Artifact => makeArtifact(kind, version, { readings, scores, segmentation: model.save(), card });

function loadScores(saved: ArtifactReader): LevelScores {
  const levels = saved.texts("levels");
  const scores = saved.numbers("scores", { length: levels.length });
  return {
    column: saved.text("column"),
    levels,
    scores: [...scores],
    rare: saved.number("rare"),
  };
}

/**
 * Reads segments that may come from anywhere.
 *
 * @throws InchwormError "input" when there is no such file; "artifact" when it holds no segments
 */
export function loadSegments(path: string): SavedSegments {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InchwormError(
      "input",
      code === "ENOENT" ? `There is no model ${path}.` : `${path} cannot be read (${code}).`,
      { hint: "Name the model.json that inchworm segments wrote with --out." },
    );
  }
  try {
    const data = openArtifact(JSON.parse(text), kind, version);
    return {
      readings: data.objects("readings").map(loadReading),
      scores: data.has("scores") ? data.objects("scores").map(loadScores) : [],
      model: segmentation({ seed: 0 }).load(data.artifact("segmentation") as Artifact),
    };
  } catch (error) {
    if (!LearnError.is(error) && !(error instanceof SyntaxError)) throw error;
    const why = LearnError.is(error)
      ? error.message.replace(/\.$/, "")
      : "it is not JSON, or cut off";
    throw new InchwormError("artifact", `${path} holds no segments: ${why}.`, {
      hint: "Name the model.json that inchworm segments wrote with --out.",
    });
  }
}
