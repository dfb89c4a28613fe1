import { objects } from "@inchworm/kit";
import {
  type Cursor,
  InchwormError,
  type Page,
  type ReadOptions,
  type Source,
} from "@inchworm/spec";
import { lookAtJob, openQueryJob, readResults } from "../bulk/query-job.js";
import type { Settings } from "../options.js";
import { jsonRow } from "../row.js";
import { all, instantText, quoted } from "../soql.js";
import { objectIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";
import type { Step } from "./steps.js";

/**
 * A row carries the time at which its transaction began to write it, and is seen only once that is committed: minutes later, at worst.
 * Okta's and Databricks' connectors keep a quarter of an hour.
 */
const overlapMs = 20 * 60_000;
/** Pages of a bulk job's file are that many times the size of a query's. */
const bulkPages = 5;

/** Where a run under way stands. */
interface Run {
  readonly step: number;
  readonly start: number;
  /** The latest change seen so far. */
  readonly latest: number;
  /** The last id of a step that is read page by page. */
  readonly after?: string;
  /** The job of a step that is read by one. */
  readonly job?: string;
  /** Where its next page is; absent for the first. */
  readonly locator?: string;
}

/** A run that has not ended, or the point from which the next one reads. */
interface Standing {
  /** Read everything changed since; absent for a full run. */
  readonly since?: number;
  /** What the steps ask for beyond the standard; another answer means that all is read again. */
  readonly asked?: string;
  readonly run?: Run;
}

export interface SourceOptions {
  /** Behind the account, such as "contacts". */
  readonly name: string;
  /** The steps of this run, found by looking at what the organisation has. */
  steps(
    options: ReadOptions,
  ): Promise<{ readonly steps: readonly Step[]; readonly asked?: string }>;
}

/**
 * A source made of queries. Each is read in the order of record ids, by a condition on the id and not by the server's cursors, which
 * end after a while: so it goes on at any time, in any process. A query for many rows becomes a bulk job, whose id is in the cursor
 * before anybody waits for it.
 */
export function source(settings: Settings, call: Connection, options: SourceOptions): Source {
  async function* read(reading: ReadOptions): AsyncGenerator<Page> {
    const stored = (reading.cursor ?? {}) as Standing;
    const { steps, asked } = await options.steps(reading);
    const standing: Standing = (stored.asked ?? "") === (asked ?? "") ? stored : {};
    const { since } = standing;
    const base = {
      ...(since === undefined ? {} : { since }),
      ...(asked === undefined ? {} : { asked }),
    };
    const belongs = ({ runs }: Step) =>
      runs === undefined || (runs === "full") === (since === undefined);
    const going = steps.filter(belongs);
    let run: Run = standing.run ?? { step: 0, start: reading.now, latest: 0 };
    let seen = 0;

    for (
      ;
      run.step < going.length;
      run = { step: run.step + 1, start: run.start, latest: run.latest }
    ) {
      const step = going[run.step] as Step;
      let total: number | undefined;
      let bulk = run.job !== undefined;
      if (run.after === undefined && run.job === undefined && step.children === undefined) {
        const count = await countRows(reading, step, since);
        total = seen + count;
        bulk = count >= settings.bulkFrom && count > 0;
      }
      const pages = bulk ? inBulk(reading, step, since) : inPages(reading, step, since);
      for await (const { rows, at } of pages) {
        const records = await step.records(rows, reading);
        let { latest } = run;
        for (const row of rows) latest = Math.max(latest, row.instant("SystemModstamp") ?? 0);
        seen += rows.length;
        run = { step: run.step, start: run.start, latest, ...at };
        const ended = at === undefined;
        const over = ended && run.step === going.length - 1;
        const next: Run = ended ? { step: run.step + 1, start: run.start, latest } : run;
        const cursor: Cursor = over ? finished(base, run) : { ...base, run: next };
        yield { records, cursor, ...(total === undefined ? {} : { total }) };
      }
    }
    if (going.length === 0) yield { records: {}, cursor: finished(base, run) };

    /** Pages by ascending id, each a query of its own; `at` is where to go on, `undefined` behind the last. */
    async function* inPages(context: ReadOptions, step: Step, from: number | undefined) {
      let after = run.after ?? "";
      for (;;) {
        const beyond = after === "" ? undefined : `Id > ${quoted(after)}`;
        const text = `${select(step, from, beyond)} ORDER BY Id LIMIT ${settings.pageSize}`;
        const body = await query(context, text, step);
        const records = objects(body, "records");
        const rows = records.map(jsonRow);
        const last = rows.at(-1)?.text("Id");
        // a server may give fewer rows than asked for, and the rest behind its own cursor
        const more = last !== undefined && (body.done !== true || rows.length >= settings.pageSize);
        if (more && last <= after) throw stuck(step);
        yield { rows, at: more ? { after: last } : undefined };
        if (!more) return;
        after = last;
      }
    }

    async function* inBulk(context: ReadOptions, step: Step, from: number | undefined) {
      let { job, locator } = run;
      if (job === undefined) {
        const operation = step.deleted === true ? "queryAll" : "query";
        job = await openQueryJob(call, context, operation, select(step, from, undefined));
        yield { rows: [], at: { job } };
      }
      for (let done = false; !done; ) {
        const { state } = await lookAtJob(call, context, "query", job);
        done = state === "complete";
        if (done || state === "running") continue;
        // its results are kept for seven days; a job that failed may have been too much at once: page by page tells why
        yield* inPages(context, step, from);
        return;
      }
      for (;;) {
        const most = settings.pageSize * bulkPages;
        const page = await readResults(call, context, job, {
          most,
          ...(locator === undefined ? {} : { locator }),
        });
        if (page.next !== undefined && page.next === locator) throw stuck(step);
        locator = page.next;
        yield { rows: page.rows, at: locator === undefined ? undefined : { job, locator } };
        if (locator === undefined) return;
      }
    }
  }

  async function countRows(
    context: ReadOptions,
    step: Step,
    since: number | undefined,
  ): Promise<number> {
    const body = await query(
      context,
      `SELECT COUNT() FROM ${step.object}${conditions(step, since)}`,
      step,
    );
    return typeof body.totalSize === "number" ? body.totalSize : 0;
  }

  async function query(
    context: ReadOptions,
    q: string,
    step: Step,
  ): Promise<Record<string, unknown>> {
    const path = step.deleted === true ? "/queryAll" : "/query";
    const needs = `the right to read ${step.object} records`;
    return objectIn(
      await call(context, { method: "GET", path, query: { q }, needs }),
      `GET ${path}`,
    );
  }

  return {
    name: `${settings.system}:${options.name}`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}

function select(step: Step, since: number | undefined, beyond: string | undefined): string {
  const fields = new Set(["Id", ...step.fields, "SystemModstamp"]);
  const what = [...fields, ...(step.children ?? [])].join(", ");
  return `SELECT ${what} FROM ${step.object}${conditions(step, since, beyond)}`;
}

function conditions(step: Step, since: number | undefined, beyond?: string): string {
  const { changed = (from: string) => `SystemModstamp >= ${from}` } = step;
  return all(
    step.deleted === true ? "IsDeleted = true" : undefined,
    step.where,
    since === undefined ? undefined : changed(instantText(since)),
    beyond,
  );
}

function finished(
  base: { readonly since?: number; readonly asked?: string },
  { start, latest }: Run,
): Cursor {
  return { ...base, since: Math.max(Math.min(start, latest) - overlapMs, base.since ?? 0) };
}

function stuck({ object }: Step): InchwormError {
  return new InchwormError("server", `salesforce: reading ${object} records does not move on.`);
}
