import { csvLine } from "../salesforce/csv.js";
import type { FieldDefinition } from "./fields.js";
import type { Test } from "./filters.js";
import { runImport } from "./run-import.js";
import { Shelf, seen, type Value } from "./shelf.js";
import type { Unit } from "./unit.js";
import { shown } from "./values.js";

/** What an import was given, and what came of it. */
export interface ImportWork {
  readonly columns:
    | ReadonlyMap<string, { readonly overwrite: boolean; readonly nullOverwrite: boolean }>
    | undefined;
  readonly batches: string[];
  errors: string[];
  dueAt: number;
}

export interface ExportWork {
  readonly shelf: Shelf;
  readonly fields: readonly FieldDefinition[];
  readonly test: Test;
  readonly dueAt: number;
  files: string[];
}

const field = (name: string, kind: FieldDefinition["kind"]): [string, FieldDefinition] => [
  name,
  { name, kind, editable: false },
];
const dates: readonly [string, FieldDefinition][] = [
  field("createdAt", "datetime"),
  field("updatedAt", "datetime"),
];

/** Imports and exports. Each is worked on when its time has come, whole. */
export class Jobs {
  readonly imports = new Shelf(
    "imports",
    new Map([
      field("id", "integer"),
      ...["operation", "object", "status", "batchesRef", "errorsRef", "origin"].map((name) =>
        field(name, "text"),
      ),
      field("isExpired", "boolean"),
      ...["createdCount", "updatedCount", "errorCount", "createdById"].map((name) =>
        field(name, "integer"),
      ),
      ...dates,
    ]),
    51,
  );
  readonly exports = new Shelf(
    "exports",
    new Map([
      field("id", "integer"),
      ...["state", "resultRefs"].map((name) => field(name, "text")),
      field("isExpired", "boolean"),
      ...dates,
    ]),
    81,
  );
  readonly importWork = new Map<number, ImportWork>();
  readonly exportWork = new Map<number, ExportWork>();
  readonly #unit: Unit;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  /** Works off what is due: called before anything is looked at. */
  tick(): void {
    const now = this.#unit.now();
    for (const row of this.imports.rows) {
      const status = row.values.get("status");
      const work = this.importWork.get(row.id) as ImportWork;
      if (status !== "Waiting" && status !== "Processing") continue;
      if (work.dueAt > now) row.values.set("status", "Processing");
      else runImport(this.#unit, row, work);
    }
    // exports are worked off one after the other
    for (const row of this.exports.rows) {
      if (row.values.get("state") === "Complete") continue;
      const work = this.exportWork.get(row.id) as ExportWork;
      if (work.dueAt > now) {
        row.values.set("state", "Processing");
        break;
      }
      this.#export(work);
      row.values.set("state", "Complete");
      row.values.set("updatedAt", now);
    }
  }

  #export(work: ExportWork): void {
    const now = this.#unit.now();
    const head = csvLine(work.fields.map(({ name }) => name));
    let lines: string[] = [];
    const close = () => {
      work.files.push(head + lines.join(""));
      lines = [];
    };
    for (const row of work.shelf.rows) {
      const values: ReadonlyMap<string, Value> | undefined = seen(row, now);
      if (!values || values.get("isDeleted") === true || !work.test(values)) continue;
      lines.push(csvLine(work.fields.map((one) => String(shown(one, values.get(one.name)) ?? ""))));
      if (lines.length >= this.#unit.settings.exportFileRows) close();
    }
    if (lines.length > 0) close();
    // in no order that anybody may rely on
    work.files.reverse();
  }
}
