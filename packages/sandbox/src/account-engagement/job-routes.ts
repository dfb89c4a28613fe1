import { parseCsv } from "../salesforce/csv.js";
import type { Answer } from "../stand-in/answer.js";
import { type Call, header, jsonObject, routeId } from "./call.js";
import { filter, type Test } from "./filters.js";
import type { ImportWork } from "./jobs.js";
import { formParts } from "./multipart.js";
import { badRequest, forbidden, notFound } from "./refusal.js";
import type { Row, Shelf, Value } from "./shelf.js";

const mostBytes = 10 * 2 ** 20;
const mostBatches = 10;
const mostExported = 150;

export function importShelf({ unit }: Call): Shelf {
  if (!unit.settings.mayImport) throw forbidden();
  return unit.jobs.imports;
}

/** As JSON an import is open for batches; with a file and "Ready" it is handed over at once. */
export function createImport(call: Call): Answer {
  const { unit } = call;
  const shelf = importShelf(call);
  const form = /^multipart/i.test(header(call, "content-type") ?? "")
    ? formParts(header(call, "content-type"), call.text)
    : undefined;
  const input = form
    ? jsonObject({ json: () => parsed(form.get("input") ?? "") })
    : jsonObject(call);
  if (input.operation !== "Upsert" || input.object !== "Prospect") {
    throw badRequest("operation must be Upsert and object Prospect.");
  }
  const now = unit.now();
  const row = shelf.add(
    new Map<string, Value>([
      ["operation", "Upsert"],
      ["object", "Prospect"],
      ["status", "Open"],
      ["origin", "API"],
      ["isExpired", false],
      ["createdAt", now],
      ["updatedAt", now],
    ]),
  );
  row.values.set("batchesRef", `${call.base}/imports/${row.id}/batches`);
  const columns = Array.isArray(input.columns)
    ? new Map(
        input.columns.map((one: Record<string, unknown>) => [
          String(one.field),
          { overwrite: one.overwrite !== false, nullOverwrite: one.nullOverwrite !== false },
        ]),
      )
    : undefined;
  const work: ImportWork = { columns, batches: [], errors: [], dueAt: Number.NaN };
  unit.jobs.importWork.set(row.id, work);
  if (form) addBatch(call, row, work, form.get("importFile"));
  if (input.status === "Ready") submit(call, row, work);
  return { status: 201, body: view(row, ["id", "status", "isExpired", "batchesRef"]) };
}

export function importBatch(call: Call): Answer {
  const { row, work } = importOf(call);
  const form = formParts(header(call, "content-type"), call.text);
  addBatch(call, row, work, form.get("importFile"));
  return { status: 204 };
}

export function changeImport(call: Call): Answer {
  const { row, work } = importOf(call);
  if (jsonObject(call).status !== "Ready") throw badRequest("status must be Ready.");
  submit(call, row, work);
  return { status: 200, body: view(row, ["id", "status", "isExpired"]) };
}

export function importErrors(call: Call): Answer {
  const { row, work } = importOf(call);
  if (row.values.get("status") !== "Complete") throw badRequest("The import is not complete.");
  return { status: 200, content: { type: "text/csv", data: work.errors.join("") } };
}

function addBatch(call: Call, row: Row, work: ImportWork, file: string | undefined): void {
  const { unit } = call;
  if (row.values.get("status") !== "Open") throw badRequest("The import is not open.");
  if (file === undefined) throw badRequest("importFile is required.");
  if (Buffer.byteLength(file) > mostBytes) throw badRequest("A batch must be smaller than 10MB.");
  if (work.batches.length >= mostBatches) throw badRequest("An import has at most 10 batches.");
  const [head = []] = parseCsv(file);
  const own = head.filter((name) => !/^match(Id|Email|SalesforceId)$/.test(name));
  unit.journal.carried(own);
  if (head.length - own.length !== 1) throw badRequest("One match column is required.");
  for (const name of own) {
    if (unit.prospects.fields.get(name)?.editable) continue;
    throw badRequest(`Invalid column: ${name}`);
  }
  const [first] = work.batches;
  if (first !== undefined && String(parseCsv(first)[0]) !== String(head)) {
    throw badRequest("Every batch must have the same columns.");
  }
  if (
    work.columns &&
    (work.columns.size !== own.length || own.some((name) => !work.columns?.has(name)))
  ) {
    throw badRequest("columns must name the columns of the file.");
  }
  work.batches.push(file);
}

function submit({ unit }: Call, row: Row, work: ImportWork): void {
  if (row.values.get("status") !== "Open") throw badRequest("The import is not open.");
  if (work.batches.length === 0) throw badRequest("The import has no batches.");
  row.values.set("status", "Waiting");
  row.values.delete("batchesRef");
  work.dueAt = unit.now() + unit.settings.jobMs;
}

function importOf(call: Call): { readonly row: Row; readonly work: ImportWork } {
  const row = importShelf(call).get(routeId(call));
  const work = row && call.unit.jobs.importWork.get(row.id);
  if (!row || !work) throw notFound();
  return { row, work };
}

const exported: Readonly<Record<string, "prospects" | "activities" | "listEmails">> = {
  Prospect: "prospects",
  VisitorActivity: "activities",
  ListEmail: "listEmails",
};

export function createExport(call: Call): Answer {
  const { unit } = call;
  const body = jsonObject(call);
  const name = exported[String(body.object)];
  if (name === undefined) throw badRequest("object is invalid.");
  const shelf = unit[name];
  const fields = Array.isArray(body.fields) ? body.fields : [];
  if (fields.length === 0 || fields.length > mostExported) throw badRequest("fields is invalid.");
  const definitions = fields.map((one) => {
    const found = shelf.fields.get(String(one));
    if (!found) throw badRequest(`Invalid field: ${String(one)}`);
    return found;
  });
  const now = unit.now();
  const work = {
    shelf,
    fields: definitions,
    test: procedure(shelf, body.procedure),
    dueAt: now + unit.settings.jobMs,
    files: [],
  };
  const row = unit.jobs.exports.add(
    new Map<string, Value>([
      ["state", "Waiting"],
      ["isExpired", false],
      ["createdAt", now],
      ["updatedAt", now],
    ]),
  );
  unit.jobs.exportWork.set(row.id, work);
  return { status: 201, body: view(row, ["id", "state", "isExpired"]) };
}

export function readExport(call: Call): Answer {
  const row = call.unit.jobs.exports.get(routeId(call));
  if (!row) throw notFound();
  const work = call.unit.jobs.exportWork.get(row.id);
  const done = row.values.get("state") === "Complete";
  const resultRefs = work?.files.map((_, at) => `${call.base}/exports/${row.id}/results/${at}`);
  return {
    status: 200,
    body: { ...view(row, ["id", "state", "isExpired"]), ...(done && { resultRefs }) },
  };
}

export function exportResults(call: Call): Answer {
  const data = call.unit.jobs.exportWork.get(routeId(call))?.files[Number(call.params.file)];
  if (data === undefined) throw notFound();
  return { status: 200, content: { type: "text/csv", data } };
}

/** Names such as filter_by_created_at, whose arguments are the ends of a time. */
function procedure(shelf: Shelf, given: unknown): Test {
  const { name, arguments: ends } = (given ?? {}) as { name?: unknown; arguments?: unknown };
  const fields: Readonly<Record<string, string>> = {
    filter_by_created_at: "createdAt",
    filter_by_updated_at: "updatedAt",
  };
  const field = fields[String(name)];
  if (field === undefined) throw badRequest("procedure is invalid.");
  const tests = Object.entries((ends ?? {}) as Record<string, unknown>).map(([end, text]) => {
    const base = field.replace(/At$/, "");
    const suffix = { [`${base}After`]: "AfterOrEqualTo", [`${base}Before`]: "Before" }[end];
    if (suffix === undefined) throw badRequest(`Invalid argument of the procedure: ${end}`);
    return filter(shelf, field + suffix, String(text));
  });
  if (tests.length === 0) throw badRequest("The procedure needs an argument.");
  return (values) => tests.every((test) => test(values));
}

function view({ values }: Row, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
