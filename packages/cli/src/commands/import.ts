import type { Workspace } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";
import type { ImportKind, ImportOptions, ImportResult } from "@inchworm/store";
import { type Command, Option } from "commander";
import { type CommonOptions, type Context, common, withWorkspace } from "../context.js";
import { format, plural, type Terminal } from "../terminal.js";

const kinds: readonly ImportKind[] = [
  "contacts",
  "orders",
  "engagements",
  "consents",
  "items",
  "campaigns",
  "contracts",
  "messages",
];

export interface ImportCommandOptions extends CommonOptions {
  readonly map: Record<string, string>;
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly separator?: string;
  readonly decimal?: "." | ",";
  readonly maxRejects?: number;
  readonly system?: string;
}

export function addImport(program: Command): void {
  fileOptions(common(program.command("import")))
    .summary("read a CSV, Parquet or NDJSON file into the store")
    .description(
      `Reads a CSV, Parquet or NDJSON file, gzipped or not, into the store. KIND is one of ${kinds.join(", ")}. The same file twice changes nothing.`,
    )
    .argument("<kind>", kinds.join(", "))
    .argument("<file>")
    .option("--currency <code>", "currency of amounts without one")
    .addOption(new Option("--decimal <mark>", "decimal mark").choices([".", ","]))
    .addHelpText(
      "after",
      `
Example:
  inchworm import orders orders.csv.gz --map customer="Customer ID" --currency GBP`,
    )
    .action((kind: string, file: string, options: ImportCommandOptions) => {
      const work = async (workspace: Workspace, { terminal }: Context) => {
        if (!kinds.includes(kind as ImportKind))
          throw new InchwormError("input", `"${kind}" cannot be imported.`, {
            hint: `KIND is one of ${kinds.join(", ")}.`,
          });
        await importInto(workspace, terminal, kind as ImportKind, file, options);
      };
      return withWorkspace(options, work, "make");
    });
}

/** Options of every command that reads a file into the store. */
export const fileOptions = (command: Command): Command =>
  command
    .option("--map <field=column>", "which column holds a field; may be repeated", mapping, {})
    .option("--date-format <format>", "strptime format of dates, such as %d/%m/%Y %H:%M")
    .option("--time-zone <zone>", "zone of dates without an offset (default: UTC)")
    .option("--separator <character>", "column separator of a CSV file")
    .option(
      "--max-rejects <share>",
      "most rejected rows before nothing is kept (default: 5%, of labels 50%)",
      share,
    )
    .option("--system <name>", "namespace of the customer ids (default: customer)");

/** Reads the file and says what became of it. */
export async function importInto(
  workspace: Workspace,
  terminal: Terminal,
  kind: ImportKind,
  file: string,
  options: ImportCommandOptions,
): Promise<void> {
  const { map, dateFormat, timeZone, currency, separator, decimal, maxRejects, system } = options;
  const given = { dateFormat, timeZone, currency, separator, decimal, maxRejects, system };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const result = await workspace.import(kind, file, { map, ...(set as ImportOptions) });
  terminal.result(result);
  sayImport(terminal, result);
}

export function sayImport(terminal: Terminal, result: ImportResult): void {
  const { rows, added, updated, unchanged, rejected, anonymous, forgotten, reasons } = result;
  terminal.say(
    `${result.file}: ${plural(rows, "row")}, ${format(added)} new, ${format(updated)} changed, ${format(unchanged)} known already, ${format(rejected)} rejected.`,
  );
  if (anonymous > 0)
    terminal.say(
      `  ${plural(anonymous, "row")} without a customer: kept for items, counted for nobody.`,
    );
  if (forgotten > 0)
    terminal.say(`  ${plural(forgotten, "row")} of people who asked to be forgotten: dropped.`);
  for (const [reason, count] of Object.entries(reasons))
    terminal.say(`  rejected, ${reason}: ${format(count)}`);
  const columns = Object.entries(result.columns).map(([field, column]) => `${field}=${column}`);
  terminal.say(`  columns: ${columns.join(", ")}`);
}

function mapping(text: string, previous: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0 || at === text.length - 1)
    throw new InchwormError("input", `--map takes field=column, got "${text}".`, {
      hint: 'For example: --map customer="Customer ID"',
    });
  return { ...previous, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

function share(text: string): number {
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InchwormError(
    "input",
    `--max-rejects must be a share such as 5% or 0.05, got "${text}".`,
  );
}
