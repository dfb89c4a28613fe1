import { csvRows, csvText, type FieldGuard, objects } from "@inchworm/kit";
import { type CallContext, InchwormError, type WriteOutcome } from "@inchworm/spec";
import type { WrittenObject } from "../scores/names.js";
import { gone, merged, refused, unmentioned, updated } from "../scores/outcomes.js";
import { mergedAway, needs } from "../scores/update.js";
import { objectIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";
import { jobId, lookAtJob } from "./query-job.js";

/** One record to write, as cells of a file. */
export interface CellUpdate {
  readonly id: string;
  /** A field that a record leaves alone is not in it. */
  readonly cells: Readonly<Record<string, string>>;
}

const jobs = "/jobs/ingest";

/**
 * Updates records of one object by a Bulk API 2.0 job, driven step by step: make it, upload one file, close it, look after it, read
 * what became of each row. Nothing is worked on before the job is closed, so a process that dies until then leaves nothing behind; one
 * that dies later leaves a job that ends by itself, which `awaitJobs` waits for.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_api_2_0_ingest.htm
 *
 * @returns the outcomes by record id
 */
export async function ingestUpdates(
  call: Connection,
  guard: FieldGuard,
  object: WrittenObject,
  updates: readonly CellUpdate[],
  context: CallContext,
): Promise<ReadonlyMap<string, WriteOutcome>> {
  const csv = fileOf(guard, updates);
  const body = {
    object,
    operation: "update",
    contentType: "CSV",
    lineEnding: "LF",
    columnDelimiter: "COMMA",
  };
  // made twice after a lost answer, the first job stays open, and is never worked on
  const id = jobId(
    objectIn(
      await call(context, { method: "POST", path: jobs, body, lane: "bulk", needs }),
      `POST ${jobs}`,
    ),
  );
  const at = `${jobs}/${id}`;
  const uploaded = await call(context, {
    method: "PUT",
    path: `${at}/batches`,
    csv,
    lane: "bulk",
    needs,
    expect: [400],
  });
  if (uploaded.status === 400 && !/INVALIDJOBSTATE|multiple contents/i.test(uploaded.text))
    throw refusedJob(id, "the upload was refused");
  const close = { state: "UploadComplete" };
  const closed = await call(context, {
    method: "PATCH",
    path: at,
    body: close,
    lane: "bulk",
    needs,
    expect: [400],
  });
  // both can be refused because they were done already, and their answers were lost: the job itself tells
  const closedBefore = closed.status === 400;
  for (;;) {
    const look = await lookAtJob(call, context, "ingest", id);
    if (look.state === "running") {
      if (closedBefore && !(await isClosed(at))) throw refusedJob(id, "it could not be closed");
      continue;
    }
    if (look.state === "failed") throw refusedJob(id, look.why);
    if (look.state === "complete" && look.failed === 0 && look.processed === updates.length) {
      return new Map(updates.map((update) => [update.id, updated(update.id)]));
    }
    return results();
  }

  async function isClosed(path: string): Promise<boolean> {
    const { state } = objectIn(
      await call(context, { method: "GET", path, lane: "poll", needs }),
      `GET ${path}`,
    );
    return state !== "Open";
  }

  async function results(): Promise<ReadonlyMap<string, WriteOutcome>> {
    const outcomes = new Map(updates.map((update) => [update.id, unmentioned(update.id)]));
    const read = async (which: string, take: (get: (column: string) => string) => void) => {
      const path = `${at}/${which}`;
      const answer = await call(context, {
        method: "GET",
        path,
        lane: "bulk",
        needs,
        expect: [400, 404],
      });
      if (answer.status !== 200) return;
      const lines = csvRows(answer.text);
      const head: readonly string[] = lines.next().value ?? [];
      for (const cells of lines) take((column) => cells[head.indexOf(column)] ?? "");
    };
    const deleted: string[] = [];
    await read("successfulResults", (get) => {
      if (outcomes.has(get("Id"))) outcomes.set(get("Id"), updated(get("Id")));
    });
    await read("unprocessedrecords", (get) => {
      const row = get("Id");
      const message = "The job ended before the record's turn.";
      if (outcomes.has(row))
        outcomes.set(row, {
          recordId: row,
          outcome: "failed",
          code: "unprocessed",
          message,
          retryable: true,
        });
    });
    await read("failedResults", (get) => {
      const row = get("Id");
      if (!outcomes.has(row)) return;
      // "CODE:what it is about:fields"
      const [code = "", ...rest] = get("sf__Error").split(":");
      const last = rest.at(-1) ?? "";
      const fields = /^[\w, ]+$/.test(last) && last !== "--" ? last.split(/, ?/) : [];
      if (code === "ENTITY_IS_DELETED") deleted.push(row);
      outcomes.set(row, refused(row, { code: code || "REFUSED", message: "", fields }));
    });
    const lost = deleted.map((row) => ({ object, id: row }));
    for (const row of deleted) outcomes.set(row, gone(row));
    for (const row of await mergedAway(call, lost, context)) outcomes.set(row, merged(row));
    return outcomes;
  }
}

/** An empty cell is left alone: so rows that name different fields share one file. */
function fileOf(guard: FieldGuard, updates: readonly CellUpdate[]): string {
  const columns = new Set<string>();
  for (const { cells } of updates)
    for (const name of Object.keys(guard.pass(cells))) columns.add(name);
  const names = [...columns];
  const lines = updates.map(({ id, cells }) =>
    csvText([id, ...names.map((name) => cells[name] ?? "")]),
  );
  return csvText(["Id", ...names]) + lines.join("");
}

function refusedJob(id: string, why: string): InchwormError {
  return new InchwormError(
    "rejected",
    `salesforce: the bulk job ${id} failed${why === "" ? "" : `: ${why}`}.`,
    {
      hint: "A field was deleted or hidden meanwhile, most likely; push again, which prepares the fields first.",
      vendorCode: "JobFailed",
    },
  );
}

/**
 * Waits for jobs of this user on our objects that are still worked on: a process that was killed may have left one, and it must not
 * write old scores over new ones. Looks on the lane for that, as long as the caller's signal lets it.
 */
export async function awaitJobs(
  call: Connection,
  written: readonly string[],
  userId: string,
  context: CallContext,
): Promise<void> {
  for (;;) {
    let busy = false;
    let path: string | undefined = `${jobs}?jobType=V2Ingest`;
    while (path !== undefined) {
      const body: Record<string, unknown> = objectIn(
        await call(context, { method: "GET", path, lane: "poll", needs }),
        `GET ${jobs}`,
      );
      busy ||= objects(body, "records").some(
        ({ state, object, createdById }) =>
          (state === "UploadComplete" || state === "InProgress") &&
          createdById === userId &&
          written.includes(String(object)),
      );
      const next = body.nextRecordsUrl;
      path =
        typeof next === "string" && next.startsWith("/services/data/") && body.done !== true
          ? next
          : undefined;
    }
    if (!busy) return;
  }
}
