import { objects } from "@inchworm/kit";
import type { Campaign, Cursor, Page, ReadOptions, Source } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";
import { instant, words } from "./values.js";

const overlapMs = 10 * 60_000;
const pageSize = 100;

interface Standing {
  readonly since?: number;
  readonly run?: { readonly start: number; readonly after: string };
}

/**
 * Marketing e-mails that have been sent, as campaigns. What events call a campaign stands in an e-mail's `allEmailCampaignIds`: one
 * campaign for each of them.
 */
export function campaigns(settings: Settings, call: Connection): Source {
  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    const { since, run } = (options.cursor ?? {}) as Standing;
    const start = run?.start ?? options.now;
    let after = run?.after;
    for (;;) {
      const { body } = await call(options, {
        method: "GET",
        path: paths(settings.apiVersion).emails,
        scope: "content",
        query: {
          limit: String(pageSize),
          ...(after !== undefined && { after }),
          ...(since !== undefined && { updatedAfter: new Date(since).toISOString() }),
        },
      });
      const next = (body.paging as { next?: { after?: unknown } } | undefined)?.next?.after;
      const more = words(next);
      after = more === after ? undefined : more;
      const begun = since === undefined ? {} : { since };
      const cursor: Cursor =
        after === undefined ? { since: start - overlapMs } : { ...begun, run: { start, after } };
      yield { records: { campaign: objects(body, "results").flatMap(campaignsOf) }, cursor };
      if (after === undefined) return;
    }
  }

  return {
    name: `${settings.system}:campaigns`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}

function campaignsOf(entry: Readonly<Record<string, unknown>>): Campaign[] {
  const sentAt = instant(entry.publishDate) ?? instant(entry.publishedAt);
  const ids = Array.isArray(entry.allEmailCampaignIds) ? entry.allEmailCampaignIds : [];
  if (entry.isPublished === false || sentAt === undefined) return [];
  const told = {
    name: words(entry.name),
    subject: words(entry.subject),
    preview: previewOf(entry.content),
  };
  const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return ids.flatMap((id): Campaign[] => {
    const name = words(id);
    if (name === undefined) return [];
    const kind = entry.isTransactional === true ? "transactional" : "marketing";
    return [{ id: name, kind, channel: "email", sentAt, ...known }];
  });
}

/** From general knowledge: the preview text is a widget of the content. */
function previewOf(content: unknown): string | undefined {
  const { widgets } = (content ?? {}) as { widgets?: Readonly<Record<string, unknown>> };
  const { body } = (widgets?.preview_text ?? {}) as { body?: { value?: unknown } };
  return words(body?.value);
}
