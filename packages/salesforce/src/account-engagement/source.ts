import type { Cursor, Page, ReadOptions, RecordBatch, Source } from "@inchworm/spec";
import { jsonRow, type Row } from "../row.js";
import { backfill, type ExportPlace } from "./backfill.js";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { pages } from "./pages.js";

/** Reads may be a minute behind; clocks and long saves take the rest. */
const overlapMs = 5 * 60_000;

/** Where a run under way stands. */
export interface Run extends ExportPlace {
  readonly start: number;
  /** The latest change seen so far. */
  readonly latest: number;
  /** The last id of a run that is read page by page. */
  readonly after?: number;
}

interface Standing {
  /** Read everything changed since; absent for a full run. */
  readonly since?: number;
  /** What is asked for beyond the standard; another answer means that all is read again. */
  readonly asked?: string;
  readonly run?: Run;
}

/** One object, and what becomes of its records. */
export interface Reading {
  /** Behind the account, such as "prospects". */
  readonly name: string;
  readonly path: string;
  /** The object's name in exports; absent where there is no need for one. */
  readonly exported?: string;
  readonly fields: readonly string[];
  readonly filters?: Readonly<Record<string, string>>;
  /** Whether there is a recycle bin, whose records are told too. */
  readonly bin?: boolean;
  readonly asked?: string;
  readonly needs: string;
  /** Looked at before anything is read. */
  ready?(options: ReadOptions): Promise<void>;
  records(rows: readonly Row[], now: number): RecordBatch;
}

/** A source of one object: everything the first time, then what has changed. */
export function source(settings: Settings, call: Connection, reading: Reading): Source {
  const { path, fields, needs, asked } = reading;

  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    const stored = (options.cursor ?? {}) as Standing;
    const standing: Standing = (stored.asked ?? "") === (asked ?? "") ? stored : {};
    const { since } = standing;
    const base = {
      ...(since === undefined ? {} : { since }),
      ...(asked === undefined ? {} : { asked }),
    };
    await reading.ready?.(options);
    let run: Run = standing.run ?? { start: options.now, latest: 0 };
    const page = (rows: readonly Row[], place: Partial<Run> | undefined): Page => {
      let { latest } = run;
      for (const row of rows) latest = Math.max(latest, row.instant("updatedAt") ?? 0);
      run = { start: run.start, latest, ...place };
      const cursor: Cursor = place === undefined ? finished(base, run) : { ...base, run };
      return { records: reading.records(rows, options.now), cursor };
    };

    const exporting =
      settings.backfill === "export" && since === undefined && run.after === undefined;
    if (exporting && reading.exported !== undefined && run.exported !== true) {
      for await (const { rows, place } of backfill(settings, call, reading, run, options)) {
        yield page(rows, place);
      }
      if (reading.bin !== true) {
        yield page([], undefined);
        return;
      }
    }
    const changed = since === undefined ? {} : { updatedAtAfterOrEqualTo: instantText(since) };
    // an export leaves the recycle bin out
    const bin = reading.bin !== true ? {} : { deleted: run.exported === true ? "true" : "all" };
    const exported = run.exported === true ? { exported: true } : {};
    const query = {
      path,
      fields,
      filters: { ...reading.filters, ...changed, ...bin },
      pageSize: settings.pageSize,
      ...(run.after === undefined ? {} : { after: run.after }),
      needs,
    };
    for await (const { records, after } of pages(call, options, query)) {
      yield page(records.map(jsonRow), after === undefined ? undefined : { ...exported, after });
    }
  }

  return {
    name: `${settings.system}:${reading.name}`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}

function finished(base: { readonly since?: number }, { start, latest }: Run): Cursor {
  return { ...base, since: Math.max(Math.min(start, latest) - overlapMs, base.since ?? 0) };
}

/** Times need an offset, and the vendor's examples have this one. */
export function instantText(time: number): string {
  return `${new Date(Math.floor(time / 1000) * 1000).toISOString().slice(0, 19)}+00:00`;
}
