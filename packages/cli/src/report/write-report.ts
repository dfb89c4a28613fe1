import { writeFile } from "node:fs/promises";
import type { ReportData, ReportOptions, Workspace } from "@inchworm/core";
import { type ReportHtmlOptions, reportHtml } from "@inchworm/report";
import { InchwormError } from "@inchworm/spec";

/**
 * Writes the report of a store to a file.
 *
 * @throws InchwormError as `Workspace.reportData`; "input" when the file cannot be written
 */
export async function writeReport(
  workspace: Pick<Workspace, "reportData">,
  file: string,
  options: ReportOptions & ReportHtmlOptions = {},
): Promise<{ readonly data: ReportData; readonly bytes: number }> {
  const data = await workspace.reportData(options);
  const page = Buffer.from(reportHtml(data, options));
  try {
    await writeFile(file, page);
  } catch (cause) {
    throw new InchwormError("input", `The report cannot be written to ${file}.`, {
      hint: "Give --out a file in a folder that exists and that you may write to.",
      cause,
    });
  }
  return { data, bytes: page.length };
}
