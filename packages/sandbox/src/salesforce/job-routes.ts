import type { Answer } from "../stand-in/answer.js";
import { type Call, header, jsonObject } from "./call.js";
import { csvLine } from "./csv.js";
import type { Job } from "./jobs.js";
import type { Org } from "./org.js";
import { notFound, Refusal } from "./refusal.js";
import { malformed, parseSoql } from "./soql/parse.js";
import { cells } from "./soql/render.js";
import { objectOf, runQuery } from "./soql/run.js";
import { jsonTime } from "./values.js";

const operations = new Set(["insert", "update"]);
const mostRows = 50_000;

export function createIngestJob(call: Call): Answer {
  const body = jsonObject(call);
  const {
    object,
    operation,
    contentType = "CSV",
    columnDelimiter = "COMMA",
    lineEnding = "LF",
  } = body;
  const definition = typeof object === "string" ? call.org.object(object) : undefined;
  if (!definition)
    throw new Refusal(400, "INVALIDENTITY", `Unable to find object: ${String(object)}`);
  if (typeof operation !== "string" || !operations.has(operation)) {
    throw new Refusal(
      400,
      "INVALIDJOB",
      `operation ${String(operation)} is not one of insert, update`,
    );
  }
  if (contentType !== "CSV" || columnDelimiter !== "COMMA") {
    throw new Refusal(400, "INVALIDJOB", "the stand-in takes CSV with commas");
  }
  if (lineEnding !== "LF" && lineEnding !== "CRLF")
    throw new Refusal(400, "INVALIDJOB", "lineEnding is LF or CRLF");
  const job = call.org.jobs.open({
    kind: "ingest",
    operation,
    definition,
    apiVersion: Number(call.version),
    lineEnding,
  });
  return { status: 200, body: info(call.org, job) };
}

export function uploadRoute(call: Call): Answer {
  const job = jobOf(call, "ingest");
  if (!header(call, "content-type")?.startsWith("text/csv")) {
    throw new Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be text/csv");
  }
  if (job.state !== "Open" || job.data !== undefined) {
    throw new Refusal(
      400,
      "INVALIDJOBSTATE",
      `Found multiple contents for job: <${job.id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`,
    );
  }
  job.data = call.text;
  const [head = ""] = call.text.split(/\r?\n/, 1);
  for (const name of head.split(",")) {
    const plain = name.replaceAll('"', "");
    if (plain !== "Id") call.org.journal.carried([plain]);
  }
  return { status: 201 };
}

export function changeJob(call: Call): Answer {
  const job = jobOf(call, call.params.kind as Job["kind"]);
  const { state } = jsonObject(call);
  const { org } = call;
  const running = job.state === "UploadComplete" || job.state === "InProgress";
  if (state === "UploadComplete" && job.kind === "ingest") {
    if (job.state !== "Open")
      throw new Refusal(400, "INVALIDJOBSTATE", `Job state transition not allowed: ${job.state}`);
    job.state = "UploadComplete";
    job.dueAt = org.now() + org.jobMs;
    job.locked = call.locked;
  } else if (state === "Aborted") {
    if (job.state !== "Open" && !running) {
      throw new Refusal(400, "INVALIDJOBSTATE", `Job state transition not allowed: ${job.state}`);
    }
    job.state = "Aborted";
  } else throw new Refusal(400, "INVALIDJOB", `state ${String(state)} cannot be set`);
  job.modifiedAt = org.now();
  return { status: 200, body: info(org, job) };
}

export function readJob(call: Call): Answer {
  return { status: 200, body: info(call.org, jobOf(call, call.params.kind as Job["kind"])) };
}

export function listJobs(call: Call): Answer {
  const kind = call.params.kind as Job["kind"];
  const records = [...call.org.jobs.all.values()].filter((job) => job.kind === kind);
  return {
    status: 200,
    body: { done: true, nextRecordsUrl: null, records: records.map((job) => info(call.org, job)) },
  };
}

export function deleteJob(call: Call): Answer {
  const job = jobOf(call, call.params.kind as Job["kind"]);
  if (job.state === "Open" || job.state === "InProgress") {
    throw new Refusal(400, "INVALIDJOBSTATE", `Job state transition not allowed: ${job.state}`);
  }
  call.org.jobs.all.delete(job.id);
  return { status: 204 };
}

export function ingestResults(call: Call): Answer {
  const job = jobOf(call, "ingest");
  const which = call.params.results;
  if (job.state === "Open" || job.state === "UploadComplete" || job.state === "InProgress") {
    throw new Refusal(400, "INVALIDJOBSTATE", `results are not there yet: ${job.state}`);
  }
  const parts = {
    successfulResults: [csvLine(["sf__Id", "sf__Created", ...job.head]), ...job.successful],
    failedResults: [csvLine(["sf__Id", "sf__Error", ...job.head]), ...job.failed],
    // the upload as it came, where nothing of it was looked at
    unprocessedrecords:
      job.state === "Aborted" ? [job.data ?? ""] : [csvLine(job.head), ...job.unprocessed],
  }[which];
  if (!parts) throw notFound();
  return csv(parts.join(""));
}

export function createQueryJob(call: Call): Answer {
  const { operation, query, contentType = "CSV", lineEnding = "LF" } = jsonObject(call);
  if (
    (operation !== "query" && operation !== "queryAll") ||
    typeof query !== "string" ||
    contentType !== "CSV"
  ) {
    throw new Refusal(400, "INVALIDJOB", "operation must be query or queryAll, and query a text");
  }
  const parsed = parseSoql(query);
  if (parsed.subqueries.length > 0 || parsed.count) {
    throw new Refusal(
      400,
      "API_ERROR",
      "Aggregate and parent-to-child queries are not supported in Bulk API 2.0",
    );
  }
  const definition = objectOf(call.org, parsed.from);
  cells(call.org, definition, parsed.fields);
  const ending = lineEnding === "CRLF" ? "CRLF" : "LF";
  const job = call.org.jobs.open({
    kind: "query",
    operation,
    definition,
    apiVersion: Number(call.version),
    lineEnding: ending,
    query,
  });
  return { status: 200, body: info(call.org, job) };
}

/** Works a query job off: what stands at that moment is what its pages give. */
export function runQueryJob(org: Org, job: Job): void {
  const parsed = parseSoql(job.query ?? "");
  const render = cells(org, job.definition, parsed.fields);
  job.head = parsed.fields;
  job.successful = runQuery(org, parsed, job.operation === "queryAll").map((row) =>
    csvLine(render(row)),
  );
  job.state = "JobComplete";
}

export function queryResults(call: Call): Answer {
  const job = jobOf(call, "query");
  if (job.state !== "JobComplete") throw new Refusal(404, "NOT_FOUND", "The job is not complete");
  const locator = call.query.get("locator");
  const start = locator === null ? 0 : Number(Buffer.from(locator, "base64url").toString());
  const asked = call.query.get("maxRecords") ?? String(mostRows);
  if (!Number.isInteger(start) || start < 0 || !/^[1-9]\d*$/.test(asked))
    throw malformed("Invalid locator or maxRecords");
  const end = start + Math.min(Number(asked), mostRows);
  const lines = job.successful.slice(start, end);
  const next =
    end < job.successful.length ? Buffer.from(String(end)).toString("base64url") : "null";
  return {
    ...csv([csvLine(job.head), ...lines].join("")),
    headers: { "Sforce-Locator": next, "Sforce-NumberOfRecords": String(lines.length) },
  };
}

function info({ userId }: Org, job: Job) {
  const { id, operation, definition, createdAt, modifiedAt, state, apiVersion, lineEnding, kind } =
    job;
  const over = state === "JobComplete" || state === "Failed";
  return {
    id,
    operation,
    object: definition.name,
    createdById: userId,
    createdDate: jsonTime(createdAt),
    systemModstamp: jsonTime(modifiedAt),
    state,
    concurrencyMode: "Parallel",
    contentType: "CSV",
    apiVersion,
    lineEnding,
    columnDelimiter: "COMMA",
    ...(kind === "query"
      ? { jobType: "V2Query", ...(over && { numberRecordsProcessed: job.successful.length }) }
      : {
          jobType: "V2Ingest",
          contentUrl: `services/data/v${apiVersion.toFixed(1)}/jobs/ingest/${id}/batches`,
          ...(over && {
            numberRecordsProcessed: job.successful.length + job.failed.length,
            numberRecordsFailed: job.failed.length,
          }),
        }),
    ...(job.errorMessage !== undefined && { errorMessage: job.errorMessage }),
    retries: 0,
    totalProcessingTime: 0,
  };
}

function jobOf(call: Call, kind: Job["kind"]): Job {
  const job = call.org.jobs.all.get(call.params.id);
  if (job?.kind !== kind) throw notFound();
  return job;
}

function csv(data: string): Answer {
  return { status: 200, content: { type: "text/csv", data } };
}
