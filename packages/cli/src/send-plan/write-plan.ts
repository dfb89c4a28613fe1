import { join } from "node:path";
import {
  type ExportOptions,
  type SendPlan,
  sendPlanCsv,
  sendPlanNames,
  timeZoneSegments,
  type Workspace,
} from "@inchworm/core";
import { writeFiles } from "../fit/files.js";

export interface WriteOptions extends ExportOptions {
  /** CSV file with a line for each message. */
  readonly out?: string;
  /** Folder for a CSV file for each local hour. */
  readonly segments?: string;
}

/** Writes what is asked for, and gives the files. People without a name of the kind asked for are in none. */
export async function writePlan(
  { store }: Workspace,
  plan: SendPlan,
  { out, segments, ...by }: WriteOptions,
): Promise<string[]> {
  const files: string[] = [];
  if (out !== undefined) {
    await writeFiles([[out, sendPlanCsv(store, plan, by)]]);
    files.push(out);
  }
  if (segments !== undefined) {
    const names = await sendPlanNames(store, plan, by);
    for (const { name, rows } of timeZoneSegments(plan)) {
      const file = join(segments, `${name}.csv`);
      const people = Array.from(rows, (row) => names[row]).filter((one) => one !== undefined);
      await writeFiles([[file, [`${by.by ?? "email"}\n`, ...people.map((one) => `${one}\n`)]]]);
      files.push(file);
    }
  }
  return files;
}
