import {
  type Cursor,
  type Gate,
  InchwormError,
  type Instant,
  type OnProgress,
  type Page,
  type RecordKind,
  type Source,
} from "@inchworm/spec";
import { confirmAccount } from "./confirm.js";
import { guard } from "./guard.js";
import { pause, type Sleep, sleep, throwIfAborted } from "./sleep.js";

/** Where pages go. */
export interface PullSink {
  /** The cursor stored last, if any. */
  cursor(): Promise<Cursor | undefined>;
  /** Stores the records and then the cursor, in one transaction. */
  ingest(page: Page): Promise<unknown>;
  /** Keeps whose the records are, unless that is known already; gives the account that is kept. */
  claim?(account: string): Promise<string>;
}

export interface PullOptions {
  readonly gate: Gate;
  /** When the run began, UTC milliseconds. */
  readonly now: Instant;
  /** Reads everything, whatever the stored cursor says. Defaults to false. */
  readonly full?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Failures in a row, without a page between them, after which the run gives up. Defaults to 3. */
  readonly maxFailures?: number;
  readonly sleep?: Sleep;
}

export interface PullResult {
  readonly source: string;
  readonly pages: number;
  /** Records stored, by kind; a record that the source repeated counts each time. */
  readonly records: Readonly<Partial<Record<RecordKind, number>>>;
  readonly requests: number;
  /** How often the run went on from a stored cursor after a failure. */
  readonly restarts: number;
  readonly seconds: number;
}

const defaults = { full: false, maxFailures: 3, sleep } satisfies Partial<PullOptions>;
/** Milliseconds before a restart, times the failures in a row. */
const restartDelay = 1_000;

/**
 * Reads a source from where it stands and stores every page with its cursor, so that a run that ends at any moment loses nothing
 * and goes on from its last page. Failures that another try can help are tried again from the last stored cursor.
 *
 * @throws InchwormError "config" when the store holds the records of another account; the source's or the sink's last failure;
 *   what was stored stays
 */
export async function pull(
  source: Source,
  sink: PullSink,
  options: PullOptions,
): Promise<PullResult> {
  const { now, full, signal, onProgress, maxFailures, sleep: wait } = { ...defaults, ...options };
  const begun = performance.now();
  const gate = guard(options.gate, { signal });
  const records: Partial<Record<RecordKind, number>> = {};
  const step = `reading ${source.name}`;
  let pages = 0;
  let done = 0;
  let restarts = 0;
  let failures = 0;
  await confirmAccount(source, sink.claim?.bind(sink), { gate, ...(signal && { signal }) });
  // a full run begins without a cursor, but goes on from its own
  let cursor = full ? undefined : await sink.cursor();

  for (;;) {
    try {
      const read = source.read({ gate, now, ...(cursor && { cursor }), ...(signal && { signal }) });
      for await (const page of read) {
        throwIfAborted(signal);
        await sink.ingest(page);
        cursor = page.cursor;
        failures = 0;
        pages++;
        for (const [kind, rows] of Object.entries(page.records)) {
          records[kind as RecordKind] = (records[kind as RecordKind] ?? 0) + rows.length;
          done += rows.length;
        }
        onProgress?.({
          step,
          done,
          unit: "records",
          ...(page.total !== undefined && { total: page.total }),
        });
      }
      const seconds = (performance.now() - begun) / 1000;
      return { source: source.name, pages, records, requests: gate.sent(), restarts, seconds };
    } catch (error) {
      throwIfAborted(signal);
      failures++;
      // where not even a first page came, the gate's own attempts were enough
      if (!canHelp(error) || pages === 0 || failures >= maxFailures) throw error;
      restarts++;
      await pause(wait, restartDelay * failures, signal);
    }
  }
}

/** Whether reading on later can succeed where the gate's own attempts did not. */
function canHelp(error: unknown): boolean {
  return (
    InchwormError.is(error) &&
    (error.code === "network" || error.code === "server" || error.code === "rate-limit")
  );
}
