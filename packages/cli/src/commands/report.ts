import { resolve } from "node:path";
import type { Command } from "commander";
import { type CommonOptions, common, withWorkspace } from "../context.js";
import { openFile } from "../report/open-file.js";
import { writeReport } from "../report/write-report.js";
import { format } from "../terminal.js";

interface ReportCommandOptions extends CommonOptions {
  readonly out: string;
  readonly open?: boolean;
  readonly contact?: string;
  readonly withPersonalData?: boolean;
  readonly locale?: string;
}

export function addReport(program: Command): void {
  common(program.command("report"))
    .summary("write what was learned, pushed and brought as one HTML file")
    .description(
      "Writes one HTML file that needs no network: what is published and why, how good each scorer was, how scores lie, how many people to contact, segments, best hours, recommendations and proof, each chart with its numbers as a table and as CSV. Who a contact is stays masked unless asked for.",
    )
    .option("--out <file>", "where to write it", "report.html")
    .option("--open", "show it in the browser")
    .option(
      "--contact <person>",
      "show one person too, with scores, reasons and history: an e-mail address, or system:id such as customer:C000123",
    )
    .option("--with-personal-data", "show that person's e-mail addresses in full")
    .option(
      "--locale <name>",
      'how numbers and days are written, such as "de-DE" (default: "en-GB")',
    )
    .addHelpText(
      "after",
      `
Examples:
  inchworm report --open
  inchworm report --out spring.html --locale de-DE
  inchworm report --contact customer:C000123

--json prints { file, bytes, data }: the file's path and size, and every number on the page. Train and score first.`,
    )
    .action((options: ReportCommandOptions) =>
      withWorkspace(options, async (workspace, { terminal }) => {
        const { contact, withPersonalData, locale } = options;
        const file = resolve(options.out);
        const { data, bytes } = await writeReport(workspace, file, {
          ...(contact !== undefined && { contact }),
          ...(withPersonalData && { withPersonalData }),
          ...(locale !== undefined && { locale }),
        });
        terminal.result({ file, bytes, data });
        terminal.say(`Report: ${file} (${format(bytes / 1000)} kB)`);
        if (options.open && !(await openFile(file)))
          terminal.say("Nothing here can show it: open the file in a browser.");
      }),
    );
}
