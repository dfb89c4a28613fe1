import { csvLine, parseCsv } from "./csv.js";
import { type Prepared, prepareInsert, prepareUpdate } from "./dml.js";
import type { Job } from "./jobs.js";
import type { Org } from "./org.js";
import { Refusal } from "./refusal.js";
import { checkCell } from "./values.js";

/** Works an ingest job off: every row on its own, an empty cell left alone, `#N/A` clears. */
export function ingest(org: Org, job: Job): void {
  const text = job.data ?? "";
  const crlf = text.includes("\r\n");
  if (crlf !== (job.lineEnding === "CRLF") && text.includes("\n")) {
    fail(
      job,
      `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`,
    );
    return;
  }
  const [head = [], ...rows] = parseCsv(text);
  job.head = head;
  const unknown = head.find((name) => name !== "Id" && !org.visible(job.definition, name));
  if (unknown !== undefined || head.length === 0) {
    fail(job, `InvalidBatch : Field name not found : ${unknown ?? ""}`);
    job.unprocessed = rows.map(csvLine);
    return;
  }
  if (job.operation === "update" && !head.includes("Id")) {
    fail(job, "InvalidBatch : Field name not found : Id");
    return;
  }
  const idAt = head.indexOf("Id");
  for (const [index, row] of rows.entries()) {
    if (row.length !== head.length) {
      job.failed.push(
        csvLine(["", "INVALID_CSV_ROW:the row has another number of cells than the head line:--"]),
      );
      continue;
    }
    const id = idAt < 0 ? "" : row[idAt];
    const outcome = job.locked && index % 3 === 0 ? locked : written(row, id);
    if ("errors" in outcome) {
      const [{ statusCode, message, fields }] = outcome.errors;
      const names = fields.length > 0 ? fields.join(",") : "--";
      job.failed.push(csvLine([id, `${statusCode}:${message}:${names}`, ...row]));
    } else job.successful.push(csvLine([outcome.id, String(outcome.created), ...row]));
  }
  job.state = "JobComplete";

  function written(row: readonly string[], id: string) {
    const given = new Map(
      head.flatMap((name, place) =>
        place === idAt || row[place] === "" ? [] : [[name, row[place]] as const],
      ),
    );
    let prepared: Prepared;
    try {
      prepared =
        job.operation === "insert"
          ? prepareInsert(org, job.definition, given, (field, cell) =>
              checkCell(field, String(cell)),
            )
          : prepareUpdate(org, job.definition, id, given, (field, cell) =>
              checkCell(field, String(cell)),
            );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { errors: [{ statusCode: error.errorCode, message: error.message, fields: [] }] };
    }
    return "errors" in prepared ? prepared : prepared.apply();
  }
}

const locked = {
  errors: [
    {
      statusCode: "UNABLE_TO_LOCK_ROW",
      message: "unable to obtain exclusive access to this record",
      fields: [],
    },
  ],
};

function fail(job: Job, message: string): void {
  job.state = "Failed";
  job.errorMessage = message;
}
