import { readFileSync } from "node:fs";
import { type Artifact, LearnError, type LineModel, subjectLines } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";

/** @throws InchwormError "input" when there is no such file; "artifact" when it is no model that `subjects` wrote */
export function loadLines(path: string): LineModel {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InchwormError(
      "input",
      code === "ENOENT" ? `There is no model ${path}.` : `${path} cannot be read (${code}).`,
      { hint: "Make one first: inchworm subjects campaigns.csv --out subjects.json" },
    );
  }
  try {
    return subjectLines().load(JSON.parse(text) as Artifact);
  } catch (error) {
    const why = LearnError.is(error) ? error.message : "it is not JSON, or cut off";
    throw new InchwormError(
      "artifact",
      `${path} is no model that inchworm subjects wrote: ${why}`,
      {
        hint: "Make it again: inchworm subjects campaigns.csv --out subjects.json",
      },
    );
  }
}
