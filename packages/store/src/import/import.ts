import { basename } from "node:path";
import { InchwormError } from "@inchworm/spec";
import type { Database } from "../database.js";
import { countRows, dropStaging } from "../merge/staging.js";
import type { Session } from "../session.js";
import type { ImportKind, ImportOptions, ImportResult } from "../types/import.js";
import { literal } from "../values.js";
import { type Columns, findColumns } from "./columns.js";
import { checkContracts } from "./contracts.js";
import { checkDateOptions } from "./dates.js";
import { resolveLabels, storeLabels } from "./labels.js";
import { openInput } from "./open.js";
import { readTable } from "./read.js";
import { settleRows, typeRows } from "./rows.js";
import { storeRecords } from "./store-records.js";

const defaults = {
  map: {},
  timeZone: "UTC",
  decimal: ".",
  maxRejects: 0.05,
  system: "customer",
} satisfies ImportOptions;

/** Files of labels are written by hand and short: one bad row in ten says nothing of the others. */
const mostBadLabels = 0.5;

type Options = ImportOptions & Required<Pick<ImportOptions, keyof typeof defaults>>;

/** Reads a file into the store, in one transaction. */
export async function importFile(
  database: Database,
  kind: ImportKind,
  file: string,
  given: ImportOptions = {},
): Promise<ImportResult> {
  const options: Options = {
    ...defaults,
    ...(kind === "labels" && { maxRejects: mostBadLabels }),
    ...given,
  };
  const { onProgress, signal } = options;
  checkOptions(options);
  const input = openInput(file);
  const reading = `reading ${basename(file)}`;
  const onBytes = (done: number): void =>
    onProgress?.({ step: reading, done, total: input.bytes, unit: "bytes" });

  return database.transaction(
    async (session) => {
      const dates = { dateFormat: options.dateFormat, timeZone: options.timeZone };
      await checkDateOptions(session, dates);
      const table = await readTable(session, input, options.separator, onBytes);
      let columns: Columns;
      try {
        columns = findColumns(kind, file, table.columns, options.map);
        await typeRows(session, kind, table, columns, { ...dates, decimal: options.decimal });
      } finally {
        await table.close();
      }
      onBytes(input.bytes);
      const rows = await countRows(session, "in_typed");
      if (rows === 0) {
        throw new InchwormError("input", `${file} has column names but no rows.`, {
          hint: "Check how it was exported.",
        });
      }
      await settleRows(session, kind, file, columns, options.timeZone);
      if (kind === "contracts") await checkContracts(session, columns);
      if (kind === "labels")
        await resolveLabels(session, columns, { origin: basename(file), ...options });
      const reasons = await judgeRejects(session, file, rows, options.maxRejects);
      const rejected = Object.values(reasons).reduce((sum, count) => sum + count, 0);
      const id = await keepRejects(session, kind, file, rows, rejected);
      onProgress?.({ step: "storing", done: 0, total: rows - rejected, unit: "rows" });

      const { added, updated, forgotten, anonymous } =
        kind === "labels"
          ? await storeLabels(session)
          : await storeRecords(session, kind, columns, options);
      await session.run("update imports set added = ? where import_id = ?", [added, id]);
      await dropStaging(session);
      onProgress?.({
        step: "storing",
        done: rows - rejected,
        total: rows - rejected,
        unit: "rows",
      });
      const unchanged = Math.max(0, rows - rejected - added - updated - forgotten);
      return {
        file,
        rows,
        added,
        updated,
        unchanged,
        rejected,
        forgotten,
        anonymous,
        reasons,
        columns,
      };
    },
    { signal },
  );
}

function checkOptions({ decimal, maxRejects, system }: Options): void {
  if (decimal !== "." && decimal !== ",") {
    throw new InchwormError("input", `The decimal mark is "." or ",", not "${decimal}".`);
  }
  if (!(maxRejects >= 0 && maxRejects <= 1)) {
    throw new InchwormError("input", `maxRejects is a share from 0 to 1, not ${maxRejects}.`);
  }
  if (system.trim() === "" || system === "email") {
    throw new InchwormError("input", `"${system}" cannot be the namespace of customer ids.`, {
      hint: "Leave it out, or name the system that the ids come from.",
    });
  }
}

interface Reason {
  readonly column: string;
  readonly reason: string;
  readonly rows: number;
  readonly first: number;
}

/** Counts the rejected rows by reason, and refuses the file when they are too many. */
async function judgeRejects(
  session: Session,
  file: string,
  rows: number,
  most: number,
): Promise<Readonly<Record<string, number>>> {
  const reasons = await session.rows<Reason>(`
    select split_part(bad, chr(31), 1) as "column", split_part(bad, chr(31), 2) as reason, count(*) as rows, min(line) as first
    from in_rows where bad is not null group by bad order by rows desc, first`);
  const rejected = reasons.reduce((sum, reason) => sum + reason.rows, 0);
  const said = ({ column, reason }: Reason) =>
    column === "" ? reason : `"${column}" is ${reason}`;
  if (rejected <= rows * most) {
    return Object.fromEntries(reasons.map((reason) => [said(reason), reason.rows]));
  }
  const share = (100 * rejected) / rows;
  const top = reasons
    .slice(0, 3)
    .map((one) => `${said(one)} (${count(one.rows)}, first in line ${one.first})`);
  const decimal = reasons.some(({ reason }) => reason.startsWith("not a number"));
  const date = reasons.some(({ reason }) => reason.startsWith("not a date"));
  throw new InchwormError(
    "input",
    `${rejected} of ${count(rows)} of ${file} cannot be used, so nothing was kept. ${top.join("; ")}.`,
    {
      hint: [
        "Correct the file",
        ...(decimal ? ['pass --decimal "," or "." as the file has it'] : []),
        ...(date ? ['pass --date-format, such as "%d/%m/%Y %H:%M"'] : []),
        `or allow more with --max-rejects ${Math.min(100, Math.ceil(share))}%.`,
      ].join(", "),
    },
  );
}

const count = (rows: number): string => `${rows} ${rows === 1 ? "row" : "rows"}`;

/** Makes the entry in `imports`, and keeps the rejects in place of those of an earlier import of the file. Gives its number. */
async function keepRejects(
  session: Session,
  kind: ImportKind,
  file: string,
  rows: number,
  rejected: number,
): Promise<number> {
  const [{ id }] = await session.rows<{ id: number }>(
    "select coalesce(max(import_id), 0) + 1 as id from imports",
  );
  await session.run(`delete from rejects where import_id in (
    select import_id from imports where file = ${literal(file)} and kind = ${literal(kind)})`);
  await session.run(`insert into rejects
    select ${id}, ${literal(file)}, line, split_part(bad, chr(31), 1), split_part(bad, chr(31), 2)
    from in_rows where bad is not null order by line`);
  await session.run("insert into imports values (?, ?, ?, now()::timestamp, ?, 0, ?)", [
    id,
    kind,
    file,
    rows,
    rejected,
  ]);
  return id;
}
