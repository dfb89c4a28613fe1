import {
  type Cursor,
  InchwormError,
  type Page,
  type ReadOptions,
  type Source,
} from "@inchworm/spec";
import type { Connection } from "./connection.js";
import { contactRecord, memberFields, namedFields } from "./contact-record.js";
import { requireMergeFields } from "./merge-fields.js";
import type { Settings } from "./options.js";
import { type Place, readPage, timeText } from "./paging.js";

const overlapMs = 5 * 60_000;
/** Beyond so many pages the list begins anew, at the time that has been reached: deep offsets are slow. */
const deepestPages = 10;

/** A run that has not ended, or the point from which the next one reads. */
interface Standing {
  /** Read everything changed since; absent for a full run. */
  readonly since?: number;
  /** The merge tags that the user named, by their use; absent when there were none. */
  readonly named?: Readonly<Record<string, string>>;
  /** Where a run under way stands; absent between runs. */
  readonly run?: {
    readonly phase: "settled" | "recent" | "archived";
    readonly start: number;
    /** The latest change seen so far. */
    readonly latest: number;
    /** The list holds what was changed after this. */
    readonly from?: number;
    readonly place: Place;
  };
}

/**
 * Members of the audience, with their consents. A first run lists all of them, a later one what was changed since; each lists all
 * archived members, for archiving leaves the modified date alone. Members that were deleted for good leave no trace: a write says
 * that they are gone. When other merge fields are named than the last time, all are read again.
 */
export function contacts(settings: Settings, call: Connection): Source {
  const named = namedFields(settings);
  const asked = Object.keys(named).length > 0 ? { named } : {};
  const list = { path: "/lists/{list_id}/members", params: { list_id: settings.audience } };
  const archivedFields = ["id", "contact_id", "status", "last_changed", "email_address"];

  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    await requireMergeFields(settings, call, named, options);
    const stored = (options.cursor ?? {}) as Standing;
    const same = JSON.stringify(stored.named ?? {}) === JSON.stringify(named);
    const standing: Standing = same ? stored : {};
    const { since } = standing;
    const start = standing.run?.start ?? options.now;
    let run: NonNullable<Standing["run"]> = standing.run ?? {
      phase: "settled",
      start,
      latest: 0,
      place: { offset: 0 },
      ...(since === undefined ? {} : { from: since }),
    };
    if (run.phase === "settled" && (run.from ?? 0) >= start - overlapMs) {
      run = { ...run, phase: "recent" };
    }

    for (;;) {
      const members = run.phase !== "archived";
      const page = await readPage(
        call,
        options,
        settings.pageSize,
        {
          ...list,
          key: "members",
          fields: members ? memberFields(settings) : archivedFields,
          query: {
            sort_field: "last_changed",
            sort_dir: "ASC",
            ...(members ? window(run) : { status: "archived" }),
          },
        },
        run.place,
      );
      const found = page.entries
        .map((entry) => contactRecord(entry, settings, options.now))
        .filter((record) => record !== undefined);
      if (page.entries.length > found.length) {
        throw new InchwormError("server", "mailchimp: the list holds members without an id.");
      }
      let { latest } = run;
      if (members) {
        for (const { contact } of found) latest = Math.max(latest, contact.modifiedAt ?? 0);
      }
      const last = found.at(-1)?.contact.modifiedAt;
      const done = !members && page.next === undefined;
      if (page.next !== undefined) {
        run = {
          ...run,
          latest,
          ...further(run, page.next, last, deepestPages * settings.pageSize),
        };
      } else if (run.phase === "settled") {
        const from = start - overlapMs - 1_000;
        run = { phase: "recent", start, latest, from, place: { offset: 0 } };
      } else if (run.phase === "recent") {
        run = { phase: "archived", start, latest, place: { offset: 0 } };
      }
      const cursor: Cursor = done
        ? { since: Math.max(Math.min(start, latest) - overlapMs, since ?? 0), ...asked }
        : { ...(since === undefined ? {} : { since }), ...asked, run };
      const records = {
        contact: found.map(({ contact }) => contact),
        consent: found.flatMap(({ consents }) => consents),
      };
      const total = members && run.from === since ? page.total : undefined;
      yield { records, cursor, ...(total === undefined ? {} : { total }) };
      if (done) return;
    }
  }

  return {
    name: `${settings.system}:contacts`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}

/**
 * What was changed some time ago is read within a window: a member that is changed meanwhile leaves it, which its total tells. The few
 * that were changed lately move about within their list instead, unnoticed; the next run reads all of them again.
 */
function window({ phase, start, from }: NonNullable<Standing["run"]>): Record<string, string> {
  return {
    ...(phase === "settled" ? { before_last_changed: timeText(start - overlapMs) } : {}),
    ...(from === undefined ? {} : { since_last_changed: timeText(from) }),
  };
}

function further(
  { from, place }: { readonly from?: number; readonly place: Place },
  next: Place,
  last: number | undefined,
  deepest: number,
): { readonly place: Place; readonly from?: number } {
  // a second earlier, for the entries of one second may go on behind this page
  const reached = last === undefined ? 0 : last - 1_000;
  // where the list goes back for what has moved forward, it does so by offset
  const forward = next.offset > place.offset && next.offset >= deepest;
  return forward && reached > (from ?? 0)
    ? { from: reached, place: { offset: 0 } }
    : { place: next };
}
