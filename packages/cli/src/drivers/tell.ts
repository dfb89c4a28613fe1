import type { Driver, DriverReport } from "@inchworm/learn";
import { format, plural } from "../terminal.js";

/** Drivers told that do not stand out. */
const mostOthers = 8;

const signed = (value: number, digits: number): string =>
  `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(digits)}`;
const percent = (value: number): string => `${signed(value, 1)} %`;

/** The report in lines for people. */
export function tellDrivers(report: DriverReport, fdr: number): string[] {
  const { drivers, rate, rows, tests, campaigns, nextTest } = report;
  const clear = drivers.filter((one) => one.clear);
  const others = drivers.filter((one) => !one.clear && one.segment === undefined);
  const lines = [
    `${plural(rows, "row")}, ${plural(campaigns, "campaign")}, ${format(tests)} of them tests; ${(100 * rate).toFixed(2)} % click`,
  ];
  if (clear.length > 0)
    lines.push(
      `What stands out, of which at most ${(100 * fdr).toFixed(0)} % is expected to be chance:`,
      ...table(clear),
    );
  else if (drivers.length > 0) lines.push("Nothing stands out from chance.");
  if (others.length > 0)
    lines.push("Nearest of what does not stand out:", ...table(others.slice(0, mostOthers)));
  if (nextTest) {
    const { factor, level, segment, shown, tests: count, because } = nextTest;
    lines.push(
      `Test next: ${factor} "${level}"${segment === undefined ? "" : ` for "${segment}"`} against the rest, ${plural(count, "campaign")} of two halves, ${format(shown)} people each. ${because}`,
    );
  }
  return lines;
}

function table(drivers: readonly Driver[]): string[] {
  const rows = drivers.map((one) => [
    one.factor,
    one.level,
    one.segment ?? "",
    `${percent(one.relative)} (${signed(one.relativeLow, 1)} to ${signed(one.relativeHigh, 1)})`,
    `${signed(one.effect, 2)} points`,
    one.grade,
    `q ${one.q < 0.001 ? "< .001" : one.q.toFixed(3).slice(one.q < 1 ? 1 : 0)}`,
  ]);
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => [...row[at]].length)));
  return rows.map((row) =>
    `  ${row
      .map((cell, at) => cell + " ".repeat(widths[at] - [...cell].length))
      .filter((_, at) => widths[at] > 0)
      .join("  ")}`.trimEnd(),
  );
}
