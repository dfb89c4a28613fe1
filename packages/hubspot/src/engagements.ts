import { objects } from "@inchworm/kit";
import type { Cursor, Engagement, EngagementType, Page, ReadOptions, Source } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import { idsByEmail } from "./ids-by-email.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";
import { words } from "./values.js";

/** Events arrive late. */
const overlapMs = 60 * 60_000;
const dayMs = 86_400_000;
/** One window of time is read to its end before the next: the endpoint gives the newest first, and goes on while events come in. */
const windowMs = 7 * dayMs;
const pageSize = 1_000;
/** Addresses whose record is remembered. */
const mostKnown = 100_000;

interface Standing {
  readonly since?: number;
  readonly run?: { readonly start: number; readonly from: number; readonly offset?: string };
}

const types: Readonly<Record<string, EngagementType>> = {
  SENT: "sent",
  DELIVERED: "delivered",
  OPEN: "open",
  CLICK: "click",
  BOUNCE: "bounce",
  SPAMREPORT: "complaint",
};

/**
 * What became of each marketing e-mail, from the legacy e-mail events, for which HubSpot names no successor: all of it is here.
 * People are found by their address. Events that a filter of the portal takes for a machine's are marked.
 * https://developers.hubspot.com/docs/api-reference/legacy/email-analytics-v1/guide
 */
export function engagements(settings: Settings, call: Connection): Source {
  const known = new Map<string, string | undefined>();

  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    const { since, run } = (options.cursor ?? {}) as Standing;
    const start = run?.start ?? options.now;
    const first = since ?? start - settings.eventDays * dayMs;
    let from = run?.from ?? first;
    let offset = run?.offset;
    for (;;) {
      const until = Math.min(from + windowMs, start);
      const { body } = await call(options, {
        method: "GET",
        path: "/email/public/v1/events",
        scope: "content",
        query: {
          limit: String(pageSize),
          startTimestamp: String(from),
          endTimestamp: String(until),
          ...(offset !== undefined && { offset }),
        },
      });
      const next = body.hasMore === true ? words(body.offset) : undefined;
      const isOver = next === undefined || next === offset;
      offset = isOver ? undefined : next;
      if (isOver) from = until;
      const done = isOver && from >= start;
      const begun = since === undefined ? {} : { since };
      const cursor: Cursor = done
        ? { since: start - overlapMs }
        : { ...begun, run: { start, from, ...(offset !== undefined && { offset }) } };
      yield {
        records: { engagement: await engagementsOf(objects(body, "events"), options) },
        cursor,
      };
      if (done) return;
    }
  }

  async function engagementsOf(
    events: readonly Readonly<Record<string, unknown>>[],
    options: ReadOptions,
  ): Promise<readonly Engagement[]> {
    const found = events.flatMap((event) => {
      const type = typeOf(event);
      const email = words(event.recipient)?.toLowerCase();
      return type === undefined || email === undefined ? [] : [{ type, email, event }];
    });
    const strangers = [...new Set(found.map(({ email }) => email))].filter(
      (email) => !known.has(email),
    );
    const { contacts } = paths(settings.apiVersion);
    const ids = await idsByEmail(call, contacts, strangers, options);
    if (known.size + strangers.length > mostKnown) known.clear();
    for (const [index, email] of strangers.entries()) known.set(email, ids[index]);
    return found.flatMap(({ type, email, event }): Engagement[] => {
      const contact = known.get(email);
      const at = Number(event.created);
      if (contact === undefined || !Number.isFinite(at)) return [];
      const campaign = words(event.emailCampaignId);
      return [
        {
          id: `${String(event.id)}:${at}`,
          contact,
          type,
          at,
          ...(campaign !== undefined && { campaign }),
          ...(event.filteredEvent === true && { machine: true }),
        },
      ];
    });
  }

  return {
    name: `${settings.system}:engagements`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}

function typeOf(event: Readonly<Record<string, unknown>>): EngagementType | undefined {
  if (event.type === "STATUSCHANGE")
    return event.portalSubscriptionStatus === "UNSUBSCRIBED" ? "unsubscribe" : undefined;
  return types[String(event.type)];
}
