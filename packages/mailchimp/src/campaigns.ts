import type { Campaign, Cursor, Page, ReadOptions, Source } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { type Place, readPage, timeText } from "./paging.js";
import { instant, known, words } from "./values.js";

/** A campaign may be under way for days, by time zones or batches, and counts as sent only then. */
const overlapMs = 7 * 86_400_000;

/** A campaign that was sent, and when. */
export interface SentCampaign {
  readonly id: string;
  readonly sentAt: number;
  readonly campaign: Campaign;
}

export const campaignFields = [
  "id",
  "send_time",
  "settings.title",
  "settings.subject_line",
  "settings.preview_text",
  "variate_settings.subject_lines",
  "variate_settings.winning_combination_id",
  "variate_settings.combinations",
  "ab_split_opts.subject_a",
];

/** What to ask for: campaigns of the audience that were sent, the oldest first. */
export function sentCampaigns(settings: Settings, since: number | undefined) {
  return {
    path: "/campaigns",
    key: "campaigns",
    fields: campaignFields,
    query: {
      status: "sent",
      list_id: settings.audience,
      sort_field: "send_time",
      sort_dir: "ASC",
      ...(since === undefined ? {} : { since_send_time: timeText(since) }),
    },
  };
}

export function sentCampaign(entry: Readonly<Record<string, unknown>>): SentCampaign | undefined {
  const id = words(entry.id);
  const sentAt = instant(entry.send_time);
  if (id === undefined || sentAt === undefined) return undefined;
  const settings = (entry.settings ?? {}) as Record<string, unknown>;
  const campaign = known<Campaign>({
    id,
    channel: "email",
    name: words(settings.title),
    subject: words(settings.subject_line) ?? testedSubject(entry),
    preview: words(settings.preview_text),
    sentAt,
  });
  return { id, sentAt, campaign };
}

/** Of a tested campaign the subject of the winner, else the first. */
function testedSubject(entry: Readonly<Record<string, unknown>>): string | undefined {
  const variate = (entry.variate_settings ?? {}) as Record<string, unknown>;
  const lines = Array.isArray(variate.subject_lines) ? variate.subject_lines : [];
  const combinations = Array.isArray(variate.combinations) ? variate.combinations : [];
  const winner = combinations.find(({ id }) => id === variate.winning_combination_id);
  const split = (entry.ab_split_opts ?? {}) as Record<string, unknown>;
  return words(lines[Number(winner?.subject_line ?? 0)]) ?? words(split.subject_a);
}

interface Standing {
  /** Read what was sent since. */
  readonly since?: number;
  readonly run?: { readonly start: number; readonly latest: number; readonly place: Place };
}

/** Campaigns that were sent to the audience, with subject and preview. A later run reads those of the last week again. */
export function campaigns(settings: Settings, call: Connection): Source {
  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    const standing = (options.cursor ?? {}) as Standing;
    const { since } = standing;
    const start = standing.run?.start ?? options.now;
    let latest = standing.run?.latest ?? 0;
    let place: Place | undefined = standing.run?.place ?? { offset: 0 };
    while (place !== undefined) {
      const page = await readPage(
        call,
        options,
        settings.pageSize,
        sentCampaigns(settings, since),
        place,
      );
      const found = page.entries.map(sentCampaign).filter((one) => one !== undefined);
      for (const { sentAt } of found) latest = Math.max(latest, sentAt);
      place = page.next;
      const begun = since === undefined ? {} : { since };
      const cursor: Cursor =
        place === undefined
          ? { since: Math.max(Math.min(start, latest) - overlapMs, since ?? 0) }
          : { ...begun, run: { start, latest, place } };
      const total = page.total === undefined ? {} : { total: page.total };
      yield { records: { campaign: found.map(({ campaign }) => campaign) }, cursor, ...total };
    }
  }

  return {
    name: `${settings.system}:campaigns`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}
