import type { Answer } from "../stand-in/answer.js";
import type { Batch, Operation } from "./batch-queue.js";
import { type Call, jsonObject, pageOf, timeText } from "./call.js";
import { ok } from "./member-routes.js";
import { invalid, notFound, Problem } from "./problem.js";

/** https://mailchimp.com/developer/marketing/docs/batch-operations/ */
const mostPending = 500;
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function submitBatch(call: Call): Answer {
  const { account } = call;
  const { operations } = jsonObject(call);
  if (!Array.isArray(operations) || operations.length === 0) {
    throw invalid("operations", "Required fields were not provided: operations");
  }
  if (account.batches.running >= mostPending) {
    const detail = `You have more than ${mostPending} pending batches.`;
    throw new Problem(429, "Too Many Requests", detail);
  }
  const batch = account.batches.submit(operations.map(operationOf), account.now());
  return ok(call, batchBody(call, batch));
}

export function listBatches(call: Call): Answer {
  const { page, total_items } = pageOf(call.account.batches.list().reverse(), call.query);
  return ok(call, { batches: page.map((batch) => batchBody(call, batch)), total_items });
}

export function getBatch(call: Call): Answer {
  return ok(call, batchBody(call, batchOf(call)));
}

export function deleteBatch(call: Call): Answer {
  call.account.batches.remove(batchOf(call).id);
  return { status: 204 };
}

function operationOf(given: Record<string, unknown>): Operation {
  const { method, path, params = {}, body = "", operation_id: id = "" } = given ?? {};
  if (typeof method !== "string" || !methods.includes(method)) {
    throw invalid("operations", "Value must be found in enumeration.");
  }
  if (typeof path !== "string")
    throw invalid("operations", "Required fields were not provided: path");
  if (typeof body !== "string") {
    throw invalid("operations", "Schema describes string, object found instead");
  }
  const query = params as Record<string, unknown>;
  return { method, path, params: query, body, operationId: String(id) };
}

function batchBody(call: Call, batch: Batch): Record<string, unknown> {
  const { account, headers } = call;
  const now = account.now();
  const finished = batch.file !== undefined;
  const path = finished ? account.batches.pathOf(batch, now) : "";
  return {
    id: batch.id,
    status: account.batches.status(batch, now),
    total_operations: batch.total,
    finished_operations: finished ? batch.total : 0,
    errored_operations: batch.errored,
    submitted_at: timeText(batch.submittedAt),
    completed_at: finished ? timeText(batch.endsAt) : "",
    response_body_url: finished ? `http://${String(headers.host)}${path}` : "",
  };
}

function batchOf({ account, params }: Call): Batch {
  const batch = account.batches.get(params.batch_id);
  if (batch) return batch;
  throw notFound();
}
