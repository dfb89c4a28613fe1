import { csvRows, redact } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import { csvRow, type Row } from "../row.js";
import { objectIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";

/**
 * Opens a job that reads what a query finds, and gives its id: keep it before anything else is done.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm
 */
export async function openQueryJob(
  call: Connection,
  context: CallContext,
  operation: "query" | "queryAll",
  query: string,
): Promise<string> {
  const body = { operation, query, contentType: "CSV", lineEnding: "LF", columnDelimiter: "COMMA" };
  const answer = await call(context, {
    method: "POST",
    path: "/jobs/query",
    body,
    lane: "bulk",
    needs,
  });
  return jobId(objectIn(answer, "POST /jobs/query"));
}

const needs = "the “API Enabled” right and the right to read the records";

export function jobId({ id }: Readonly<Record<string, unknown>>): string {
  if (typeof id === "string" && /^750\w{12,15}$/.test(id)) return id;
  throw new InchwormError("server", "salesforce: the answer names no job.");
}

export interface JobLook {
  /** "gone": nobody knows the job any more, or somebody has aborted it. */
  readonly state: "complete" | "running" | "failed" | "gone";
  /** Why it failed, without values. */
  readonly why: string;
  readonly processed: number;
  readonly failed: number;
}

/** Looks once how a job stands, on the lane that keeps such looks apart: the next look waits its turn there. */
export async function lookAtJob(
  call: Connection,
  context: CallContext,
  kind: "query" | "ingest",
  id: string,
): Promise<JobLook> {
  const path = `/jobs/${kind}/${id}`;
  const answer = await call(context, { method: "GET", path, lane: "poll", needs, expect: [404] });
  const body = answer.status === 404 ? { state: "Aborted" } : objectIn(answer, `GET ${path}`);
  const { state, errorMessage, numberRecordsProcessed, numberRecordsFailed } = body as Record<
    string,
    unknown
  >;
  const states: Readonly<Record<string, JobLook["state"]>> = {
    JobComplete: "complete",
    Aborted: "gone",
    Failed: "failed",
  };
  return {
    state: states[String(state)] ?? "running",
    why: typeof errorMessage === "string" ? redact(errorMessage) : "",
    processed: Number(numberRecordsProcessed ?? Number.NaN),
    failed: Number(numberRecordsFailed ?? Number.NaN),
  };
}

/** One page of a job's file. `next` is where the next one is, `undefined` behind the last. */
export async function readResults(
  call: Connection,
  context: CallContext,
  id: string,
  page: { readonly most: number; readonly locator?: string },
): Promise<{ readonly rows: readonly Row[]; readonly next: string | undefined }> {
  const path = `/jobs/query/${id}/results`;
  const { most, locator } = page;
  const query = { maxRecords: String(most), ...(locator === undefined ? {} : { locator }) };
  const { text, header } = await call(context, { method: "GET", path, query, lane: "bulk", needs });
  const next = header("sforce-locator");
  // the word "null" ends it; without the header nobody knows
  if (next === undefined || next === "") {
    throw new InchwormError(
      "server",
      `salesforce: GET ${path}: the answer does not say where it goes on.`,
    );
  }
  const lines = csvRows(text);
  const head: readonly string[] = lines.next().value ?? [];
  const places = new Map(head.map((name, place) => [name, place]));
  const rows: Row[] = [];
  for (const cells of lines) if (cells.length === head.length) rows.push(csvRow(places, cells));
  const told = Number(header("sforce-numberofrecords") ?? Number.NaN);
  if (Number.isFinite(told) && told !== rows.length) {
    throw new InchwormError("server", `salesforce: GET ${path}: the answer is not whole.`);
  }
  return { rows, next: next === "null" ? undefined : next };
}
