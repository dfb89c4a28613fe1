import { InchwormError } from "@inchworm/spec";
import { type Command, Option } from "commander";
import type { LogOptions } from "./read-log.js";

/** What can be said on the command line of how a log is written. */
export interface LogCommandOptions {
  readonly header?: boolean;
  readonly separator?: string;
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly decimal?: "." | ",";
  readonly maxRejects?: number;
}

export const addLogOptions = (command: Command): Command =>
  command
    .option("--header", "the first line names the columns (default: what it looks like)")
    .option("--no-header", "the first line is data already; columns go by number, from 1")
    .option("--date-format <format>", "strptime format of dates, such as %d/%m/%Y %H:%M")
    .option("--time-zone <zone>", "zone of dates without an offset, and of days (default: UTC)")
    .option(
      "--separator <character>",
      'column separator; "tab", or "blanks" for any number of them',
    )
    .addOption(new Option("--decimal <mark>", "decimal mark of amounts").choices([".", ","]))
    .option(
      "--max-rejects <share>",
      "most rows that may be unreadable before the file is refused (default: 5%)",
      share,
    );

/** The same as `readLog` takes them. */
export function logOptions(options: LogCommandOptions): LogOptions {
  const { header, separator, dateFormat, timeZone, decimal, maxRejects } = options;
  return {
    ...(header !== undefined && { header }),
    ...(separator !== undefined && { separator }),
    ...(dateFormat !== undefined && { dateFormat }),
    ...(timeZone !== undefined && { timeZone }),
    ...(decimal !== undefined && { decimal }),
    ...(maxRejects !== undefined && { maxRejects }),
  };
}

function share(text: string): number {
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InchwormError(
    "input",
    `--max-rejects must be a share such as 5% or 0.05, got "${text}".`,
  );
}
