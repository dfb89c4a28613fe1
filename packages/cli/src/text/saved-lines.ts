import { type Artifact, type LineModel, subjectLines } from "@inchworm/learn";
import { readSaved } from "../fit/read-saved.js";

const by = {
  command: "inchworm subjects",
  example: "inchworm subjects campaigns.csv --out subjects.json",
};

/** @throws InchwormError "input" when there is no such file; "artifact" when it is no model that `subjects` wrote */
export const loadLines = (path: string): LineModel =>
  readSaved(path, by, (saved) => subjectLines().load(saved as Artifact));
