import { csvRows, csvText, type FieldGuard, objects } from "@inchworm/kit";
import { type CallContext, InchwormError, type WriteOutcome } from "@inchworm/spec";
import { type Connection, objectIn } from "./connection.js";
import type { Settings } from "./options.js";
import { failed, gone, updated } from "./outcomes.js";
import type { Update } from "./update.js";

/** Bytes of one file: the vendor's most is 10 MB, and an import has at most ten. */
const mostBytes = 9 * 2 ** 20;
const needs = "the ability Prospects > Prospects > Import";
const one = "imports/{id}";

/**
 * Updates prospects by an import, driven step by step: make it, add files, hand it over, look after it, read what failed. Nothing is
 * worked on before it is handed over, so a process that dies until then leaves nothing behind; one that dies later leaves an import
 * that ends by itself, which `awaitImports` waits for. All rows name the same fields: an empty cell clears.
 * An import makes prospects of whom it does not know: give it only those who were just seen. It carries no address, without which no
 * prospect can be made.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/import-v5.html
 *
 * @returns outcomes by prospect id; one that is missing is not known
 */
export async function importUpdates(
  settings: Settings,
  call: Connection,
  guard: FieldGuard,
  updates: readonly Update[],
  context: CallContext,
): Promise<ReadonlyMap<string, WriteOutcome>> {
  const names = Object.keys(guard.pass(updates[0]?.values ?? {})).sort();
  const body = {
    operation: "Upsert",
    object: "Prospect",
    restoreDeleted: false,
    columns: names.map((field) => ({ field, overwrite: true, nullOverwrite: true })),
  };
  // made twice after a lost answer, the first stays open, and is never worked on
  const made = await call(context, { method: "POST", path: "imports", body, needs });
  const id = Number(objectIn(made, "POST imports").id);
  if (!Number.isSafeInteger(id) || id <= 0) {
    throw new InchwormError(
      "server",
      "account-engagement: POST imports: the answer names no import.",
    );
  }
  const params = { id };
  for (const importFile of files(names, updates)) {
    // taken twice after a lost answer, it sets the same values twice
    await call(context, { method: "POST", path: `${one}/batches`, params, importFile, needs });
  }
  const handed = await call(context, {
    method: "PATCH",
    path: one,
    params,
    body: { status: "Ready" },
    needs,
    // refused where it was handed over already, and the answer lost: the import itself tells
    expect: [400],
  });
  const ended = await finished(settings, call, id, handed.status === 400, context);
  if (ended === undefined) return new Map();
  if (ended.created > 0) {
    throw new InchwormError(
      "rejected",
      `account-engagement: the import ${id} made ${ended.created} prospects, which it must not. Nothing more is sent.`,
      { hint: "Look at the import in Account Engagement (Admin > Import), and tell us of it." },
    );
  }
  const outcomes = new Map<string, WriteOutcome>();
  if (ended.errors > 0) {
    const { text } = await call(context, { method: "GET", path: `${one}/errors`, params, needs });
    for (const outcome of failures(text)) outcomes.set(outcome.recordId, outcome);
  }
  // as long as every row is accounted for, those that are not among the failures were updated
  if (outcomes.size < ended.errors || ended.updated + outcomes.size < updates.length)
    return outcomes;
  for (const update of updates) {
    if (!outcomes.has(update.id)) outcomes.set(update.id, updated(update.id));
  }
  return outcomes;
}

interface Ended {
  readonly created: number;
  readonly updated: number;
  readonly errors: number;
}

/** What came of an import; `undefined` when it has not ended in time, or is gone. */
async function finished(
  settings: Settings,
  call: Connection,
  id: number,
  handedBefore: boolean,
  context: CallContext,
): Promise<Ended | undefined> {
  const begun = performance.now();
  for (;;) {
    const answer = await call(context, {
      method: "GET",
      path: one,
      params: { id },
      query: { fields: "id,status,isExpired,createdCount,updatedCount,errorCount" },
      lane: "poll",
      needs,
      expect: [404],
    });
    if (answer.status === 404) return undefined;
    const body = objectIn(answer, `GET ${one}`);
    const count = (name: string) => Number(body[name] ?? 0) || 0;
    if (body.status === "Complete") {
      return {
        created: count("createdCount"),
        updated: count("updatedCount"),
        errors: count("errorCount"),
      };
    }
    if (body.isExpired === true || body.status === "Failed") return undefined;
    if (body.status === "Open" && handedBefore) {
      throw new InchwormError("rejected", `account-engagement: the import ${id} was not taken.`, {
        hint: "A custom field was deleted meanwhile, most likely; push again, which prepares the fields first.",
      });
    }
    if (performance.now() - begun > settings.jobWaitMs) return undefined;
  }
}

/** CSV texts of at most so many bytes, each with the head line. */
function* files(names: readonly string[], updates: readonly Update[]): Generator<string> {
  const head = csvText(["matchId", ...names]);
  let lines: string[] = [];
  let bytes = 0;
  for (const { id, values } of updates) {
    const line = csvText([id, ...names.map((name) => values[name] ?? "")]);
    const more = Buffer.byteLength(line);
    if (bytes + more > mostBytes && lines.length > 0) {
      yield head + lines.join("");
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += more;
  }
  if (lines.length > 0) yield head + lines.join("");
}

/** Rows of the errors' file: the row's own cells, and what was wrong, which may hold a value and is not passed on. */
function* failures(text: string): Generator<WriteOutcome> {
  const lines = csvRows(text);
  const head: readonly string[] = (lines.next().value ?? []).map((name: string) =>
    name.toLowerCase(),
  );
  const match = head.indexOf("matchid");
  for (const cells of lines) {
    const id = cells[match] ?? "";
    if (id === "") continue;
    const said = cells.filter((_, at) => /error|message|reason/.test(head[at] ?? "")).join(" ");
    if (/recycle bin|deleted|no prospect matches|not found/i.test(said)) yield gone(id);
    else yield failed(id, "IMPORT_ERROR", "Account Engagement refused the row of the import.");
  }
}

/**
 * Waits for imports that are still worked on, as far as the user sees them: a process that was killed may have left one, and it must
 * not write old scores over new ones.
 *
 * @throws InchwormError "server" when they have not ended in time
 */
export async function awaitImports(
  settings: Settings,
  call: Connection,
  context: CallContext,
): Promise<void> {
  const begun = performance.now();
  for (let lane: "standard" | "poll" = "standard"; ; lane = "poll") {
    const answer = await call(context, {
      method: "GET",
      path: "imports",
      query: { fields: "id,status", orderBy: "id DESC", limit: "200" },
      lane,
      needs,
      // who may not import has left none
      expect: [403],
    });
    if (answer.status === 403) return;
    const busy = objects(objectIn(answer, "GET imports"), "values").some(
      ({ status }) => status === "Waiting" || status === "Processing" || status === "Ready",
    );
    if (!busy) return;
    if (performance.now() - begun <= settings.jobWaitMs) continue;
    throw new InchwormError(
      "server",
      "account-engagement: an earlier import has still not ended.",
      {
        hint: "It may be of an earlier push and hold older scores. Push again once it has ended.",
      },
    );
  }
}
