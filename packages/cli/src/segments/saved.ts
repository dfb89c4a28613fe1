import {
  type Artifact,
  type ArtifactReader,
  makeArtifact,
  openArtifact,
  type SegmentationModel,
  segmentation,
} from "@inchworm/learn";
import { readSaved } from "../fit/read-saved.js";
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
const by = {
  command: "inchworm segments",
  example: "inchworm segments table.csv --out segments.json",
};

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
export const loadSegments = (path: string): SavedSegments =>
  readSaved(path, by, (saved) => {
    const data = openArtifact(saved, kind, version);
    return {
      readings: data.objects("readings").map(loadReading),
      scores: data.has("scores") ? data.objects("scores").map(loadScores) : [],
      model: segmentation({ seed: 0 }).load(data.artifact("segmentation") as Artifact),
    };
  });
