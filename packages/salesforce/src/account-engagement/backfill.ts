import { batches, csvRows } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import { csvRow, jsonRow, type Row } from "../row.js";
import { type Connection, objectIn } from "./connection.js";
import type { Settings } from "./options.js";
import { pages } from "./pages.js";
import { instantText, type Reading, type Run } from "./source.js";

/** Where a run by exports stands. */
export interface ExportPlace {
  /** From when on the next export, or the one under way, reads. */
  readonly from?: number;
  /** The export under way. */
  readonly job?: number;
  /** The next of its files. */
  readonly file?: number;
  /** All exports are read. */
  readonly exported?: boolean;
}

/** Time of one export. Longer ones are known to be refused; the vendor names no length. */
const windowMs = 365 * 86_400_000;
/** Rows handed on at one time. */
const rowsAtOnce = 5_000;

/**
 * Everything by exports, one after the other as Account Engagement works them off, each of a year of creation. The export's id is in
 * the cursor before anybody waits for it. Its files are kept for seven days, and only for the user who made it.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/export-v5.html
 */
export async function* backfill(
  settings: Settings,
  call: Connection,
  reading: Reading,
  run: Run,
  context: CallContext,
): AsyncGenerator<{ readonly rows: readonly Row[]; readonly place: ExportPlace }> {
  let { job, file = 0 } = run;
  let from = run.from ?? (await firstCreated());
  while (from !== undefined && from < run.start) {
    const until = Math.min(from + windowMs, run.start);
    if (job === undefined) {
      job = await open(from, until);
      yield { rows: [], place: { from, job } };
    }
    const files = await finished(job);
    if (files === undefined) {
      // it has expired: its rows are asked for again
      job = undefined;
      file = 0;
      continue;
    }
    for (; file < files.length; file++) {
      const rows = await download(job, files[file] as string);
      for (const some of batches(rows, rowsAtOnce))
        yield { rows: some, place: { from, job, file } };
      yield { rows: [], place: { from, job, file: file + 1 } };
    }
    [from, job, file] = [until, undefined, 0];
    yield { rows: [], place: { from } };
  }
  yield { rows: [], place: { exported: true } };

  async function firstCreated(): Promise<number | undefined> {
    const { path, needs, filters } = reading;
    const query = {
      path,
      fields: ["id", "createdAt"],
      pageSize: 1,
      needs,
      ...(filters && { filters }),
    };
    for await (const { records } of pages(call, context, query)) {
      const [first] = records;
      // ids are given in the order of creation; a day more for those that were not
      const at = first === undefined ? undefined : jsonRow(first).instant("createdAt");
      return at === undefined ? undefined : at - 86_400_000;
    }
    return undefined;
  }

  async function open(after: number, before: number): Promise<number> {
    const body = {
      object: reading.exported,
      fields: reading.fields,
      procedure: {
        name: "filter_by_created_at",
        arguments: {
          createdAfter: instantText(after),
          // the second after, so that nobody falls between two exports
          createdBefore: instantText(before + 1_000),
        },
      },
    };
    const answer = await call(context, {
      method: "POST",
      path: "exports",
      body,
      needs: reading.needs,
    });
    const { id } = objectIn(answer, "POST exports");
    if (Number.isSafeInteger(Number(id)) && Number(id) > 0) return Number(id);
    throw new InchwormError(
      "server",
      "account-engagement: POST exports: the answer names no export.",
    );
  }

  /** What its files are called; `undefined` for one that is no longer there. */
  async function finished(id: number): Promise<readonly string[] | undefined> {
    const begun = performance.now();
    const path = "exports/{id}";
    for (;;) {
      const answer = await call(context, {
        method: "GET",
        path,
        params: { id },
        lane: "poll",
        needs: reading.needs,
        expect: [404],
      });
      if (answer.status === 404) return undefined;
      const { state, isExpired, resultRefs } = objectIn(answer, `GET ${path}`);
      if (isExpired === true) return undefined;
      if (state === "Failed") {
        throw new InchwormError("server", `account-engagement: the export ${id} failed.`, {
          hint: 'Read page by page: leave "backfill" out.',
        });
      }
      if (state === "Complete") {
        // addresses, of which only the last part is taken: the token goes nowhere else
        const refs: readonly unknown[] = Array.isArray(resultRefs) ? resultRefs : [];
        return refs.map((ref) => String(ref).split("/").at(-1) ?? "");
      }
      if (performance.now() - begun > settings.jobWaitMs) {
        throw new InchwormError(
          "server",
          `account-engagement: the export ${id} has not ended yet.`,
          {
            hint: "Exports of a business unit are worked off one after the other: start the same again later, it goes on.",
          },
        );
      }
    }
  }

  async function download(id: number, name: string): Promise<readonly Row[]> {
    const path = "exports/{id}/results/{file}";
    const { text } = await call(context, {
      method: "GET",
      path,
      params: { id, file: name },
      needs: reading.needs,
    });
    const lines = csvRows(text);
    const head: readonly string[] = lines.next().value ?? [];
    const places = new Map(head.map((name, place) => [name, place]));
    const rows: Row[] = [];
    for (const cells of lines) {
      if (cells.length === 1 && cells[0] === "") continue;
      if (cells.length !== head.length) {
        throw new InchwormError(
          "server",
          `account-engagement: GET ${path}: the file is not whole.`,
        );
      }
      rows.push(csvRow(places, cells));
    }
    return rows;
  }
}
