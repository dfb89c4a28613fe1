import { csvLine, parseCsv } from "../salesforce/csv.js";
import type { ImportWork } from "./jobs.js";
import { writeProspect } from "./object-routes.js";
import { Refusal } from "./refusal.js";
import type { Row, Value } from "./shelf.js";
import type { Unit } from "./unit.js";
import { fitted } from "./values.js";

/**
 * Works an import off: a row that matches updates its prospect, one in the recycle bin is an error, and one that matches nobody makes
 * a prospect, so long as it has an address. A blank cell clears unless the column says otherwise.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/import-v5.html
 */
export function runImport(unit: Unit, job: Row, work: ImportWork): void {
  let created = 0;
  let updated = 0;
  const errors: string[] = [];
  for (const batch of work.batches) {
    const [head = [], ...lines] = parseCsv(batch);
    if (errors.length === 0) errors.push(csvLine([...head, "error"]));
    for (const cells of lines) {
      const refuse = (message: string) => errors.push(csvLine([...cells, message]));
      const match = head.findIndex((name) => /^match/i.test(name));
      const key = cells[match] ?? "";
      const row = matched(unit, head[match] ?? "", key);
      if (row?.values.get("isDeleted") === true) {
        refuse("Prospect is in the recycle bin");
        continue;
      }
      const values: Record<string, unknown> = {};
      for (const [at, name] of head.entries()) {
        const { overwrite = true, nullOverwrite = true } = work.columns?.get(name) ?? {};
        const cell = cells[at] ?? "";
        if (at === match || !overwrite || (cell.trim() === "" && !nullOverwrite)) continue;
        values[name] = cell;
      }
      try {
        if (row) {
          writeProspect({ unit }, row, values);
          updated++;
        } else {
          unit.journal.created.push(make(unit, values).id);
          created++;
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refuse(error.message);
      }
    }
  }
  work.errors = errors;
  job.values.set("status", "Complete");
  job.values.set("createdCount", created);
  job.values.set("updatedCount", updated);
  job.values.set("errorCount", Math.max(0, errors.length - 1));
  job.values.set("updatedAt", unit.now());
}

function matched(unit: Unit, column: string, key: string): Row | undefined {
  if (key === "") return undefined;
  if (column === "matchId") return unit.prospects.get(Number(key));
  const field = column === "matchEmail" ? "email" : "salesforceContactId";
  return unit.prospects.rows.find(
    ({ values }) => String(values.get(field) ?? "").toLowerCase() === key.toLowerCase(),
  );
}

function make(unit: Unit, given: Readonly<Record<string, unknown>>): Row {
  const { email } = given;
  if (typeof email !== "string" || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new Refusal(400, 4, "No prospect matches, and there is no email to make one with");
  }
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = unit.prospects.fields.get(name);
    const kept = field && fitted(field, value);
    if (kept !== undefined) values[name] = kept;
  }
  return unit.addProspect(values);
}
