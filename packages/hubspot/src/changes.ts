import { objects } from "@inchworm/kit";
import {
  type Cursor,
  InchwormError,
  type Page,
  type ReadOptions,
  type RecordBatch,
  type Source,
} from "@inchworm/spec";
import type { Answer, Call, Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { instant } from "./values.js";

/** New and changed records appear in the search only after "a few moments"; ten minutes were never seen to be too short. */
const overlapMs = 10 * 60_000;
const listPage = 100;
const searchPage = 200;

export type Phase = "all" | "changed" | "archived";

/** Records of one type, and how they are read. */
export interface Walk {
  /** Unique in the account, such as "contacts". */
  readonly name: string;
  readonly path: string;
  readonly scope: string;
  readonly properties: readonly string[];
  /** `lastmodifieddate` of contacts, `hs_lastmodifieddate` of all other types. */
  readonly modified: "lastmodifieddate" | "hs_lastmodifieddate";
  /** Names of the properties that the user named, by their use: when they change, all is read again. */
  readonly named: Readonly<Record<string, string>>;
  /** Runs before the first page. */
  readonly prepare?: (options: ReadOptions) => Promise<void>;
  readonly records: (
    entries: readonly Readonly<Record<string, unknown>>[],
    phase: Phase,
    options: ReadOptions,
  ) => RecordBatch | Promise<RecordBatch>;
}

/** A run that has not ended, or the point from which the next one reads. */
interface Standing {
  /** Read everything changed since; absent for a full run. */
  readonly since?: number;
  /** Absent when there were none. */
  readonly named?: Readonly<Record<string, string>>;
  /** Where a run under way stands; absent between runs. */
  readonly run?: {
    readonly phase: Phase;
    readonly start: number;
    /** The latest change seen so far. */
    readonly latest: number;
    readonly after?: string;
  };
}

/**
 * A source of records of one type. A first run lists all of them and then the archived ones; a later one searches what changed
 * since and lists the archived ones again, for a search never gives those. Privacy deletions and changes of associations leave no
 * trace in a modified date: read without a cursor now and then. When other properties are named than the last time, all records are
 * read again, for what stands in them was never seen.
 */
export function changes(settings: Settings, call: Connection, walk: Walk): Source {
  const { path, scope, properties, named, modified } = walk;
  const asked = Object.keys(named).length > 0 ? { named } : {};

  const list = (archived: boolean, after: string | undefined): Call => ({
    method: "GET",
    path,
    scope,
    query: {
      limit: String(listPage),
      archived: String(archived),
      properties: properties.join(","),
      ...(after === undefined ? {} : { after }),
    },
  });

  // Each page is a query of its own, past the ids already seen: one query gives 10,000 results and no more.
  // https://developers.hubspot.com/docs/api-reference/legacy/crm/search-the-crm
  const search = (since: number, last: string, limit: number): Call => ({
    method: "POST",
    path: `${path}/search`,
    lane: "search",
    scope,
    body: {
      limit,
      properties,
      sorts: ["hs_object_id"],
      filterGroups: [
        {
          filters: [
            { propertyName: modified, operator: "GTE", value: String(since) },
            { propertyName: "hs_object_id", operator: "GT", value: last },
          ],
        },
      ],
    },
  });

  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    await walk.prepare?.(options);
    const stored = (options.cursor ?? {}) as Standing;
    const same = JSON.stringify(stored.named ?? {}) === JSON.stringify(named);
    const standing: Standing = same ? stored : {};
    const { since } = standing;
    const begun = standing.run;
    const start = begun?.start ?? options.now;
    let phase = begun?.phase ?? (since === undefined ? "all" : "changed");
    let after = begun?.after;
    let latest = begun?.latest ?? 0;
    let seen = 0;
    let total = phase === "all" && after === undefined ? await count() : undefined;

    for (;;) {
      const request =
        phase === "changed"
          ? search(since ?? 0, after ?? "0", searchPage)
          : list(phase === "archived", after);
      const answer = await call(options, request);
      const entries = objects(answer.body, "results");
      if (phase === "changed" && typeof answer.body.total === "number") {
        total = seen + answer.body.total;
      }
      const next =
        phase === "changed" ? lastId(answer, entries, after ?? "0") : nextPage(answer, after);
      const page = await walk.records(
        phase === "archived" ? entries.filter((entry) => isLate(entry, since)) : entries,
        phase,
        options,
      );
      seen += entries.length;
      if (phase !== "archived") {
        for (const entry of entries) latest = Math.max(latest, modifiedAt(entry, modified) ?? 0);
      }
      const done = next === undefined && phase === "archived";
      if (next === undefined && !done) phase = "archived";
      after = next;
      const cursor = done
        ? { since: Math.max(Math.min(start, latest) - overlapMs, since ?? 0), ...asked }
        : standingAt({ phase, start, latest, ...(after === undefined ? {} : { after }) });
      yield { records: page, cursor, ...(total === undefined ? {} : { total }) };
      if (done) return;
    }

    function standingAt(run: Standing["run"]): Cursor {
      return { ...(since === undefined ? {} : { since }), ...asked, run };
    }

    /** The list tells no total, the search does. It is for a progress bar: a failure costs nothing but the number. */
    async function count(): Promise<number | undefined> {
      try {
        const { body } = await call(options, search(0, "0", 1));
        return typeof body.total === "number" ? body.total : undefined;
      } catch (error) {
        const harmless = ["rejected", "server", "rate-limit"] as const;
        if (harmless.some((code) => InchwormError.is(error, code))) return undefined;
        throw error;
      }
    }
  }

  return {
    name: `${settings.system}:${walk.name}`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}

/** Whether a record was archived after the last run, or may have been. */
function isLate(entry: Readonly<Record<string, unknown>>, since: number | undefined): boolean {
  return since === undefined || (instant(entry.archivedAt) ?? since) >= since;
}

function modifiedAt(
  entry: Readonly<Record<string, unknown>>,
  property: Walk["modified"],
): number | undefined {
  const properties = (entry.properties ?? {}) as Readonly<Record<string, unknown>>;
  const told = properties[property];
  return instant(typeof told === "string" ? told : undefined) ?? instant(entry.updatedAt);
}

/** The `after` of the next page, `undefined` behind the last. */
function nextPage(answer: Answer, after?: string): string | undefined {
  const paging = answer.body.paging as { next?: { after?: unknown } } | undefined;
  const next = paging?.next?.after;
  if (next === undefined || next === null || next === "") return undefined;
  if (String(next) === after) {
    throw new InchwormError("server", "hubspot: a list gives the same page again.");
  }
  return String(next);
}

/** The greatest id on a page of the search, `undefined` when it was the last page. */
function lastId(
  answer: Answer,
  entries: readonly Record<string, unknown>[],
  before: string,
): string | undefined {
  const more = nextPage(answer) !== undefined || Number(answer.body.total) > entries.length;
  if (entries.length === 0 || !more) return undefined;
  let last = BigInt(before);
  for (const { id } of entries) {
    if (typeof id === "string" && /^\d+$/.test(id) && BigInt(id) > last) last = BigInt(id);
  }
  if (last === BigInt(before)) {
    throw new InchwormError("server", "hubspot: the search for changes does not move on.");
  }
  return String(last);
}
