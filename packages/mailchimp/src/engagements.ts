import type { Cursor, Page, ReadOptions, Source } from "@inchworm/spec";
import { type SentCampaign, sentCampaign, sentCampaigns } from "./campaigns.js";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { type Place, readPage } from "./paging.js";
import { engagementsOf, reportList, reportParts } from "./report.js";

/** Reports are complete only some minutes after the event. */
const overlapMs = 5 * 60_000;
const dayMs = 86_400_000;

interface Standing {
  /** Read what was done since. */
  readonly since?: number;
  /** Where a run under way stands; absent between runs. */
  readonly run?: {
    readonly start: number;
    /** The campaign that is being read, or the last that was. */
    readonly sentAt: number;
    readonly campaign: string;
    /** Index of the part; absent once the campaign is read. */
    readonly part?: number;
    readonly place?: Place;
  };
}

/**
 * Who was sent each campaign, opened it, clicked, bounced or unsubscribed, from the campaigns' reports. A first run reads all of
 * them; a later one those sent within `reportDays` before the last run, and of what is older than that run no opens and clicks
 * again. People are named by the hash of their address, which `contacts` ties to their record.
 */
export function engagements(settings: Settings, call: Connection): Source {
  async function sent(since: number | undefined, options: ReadOptions): Promise<SentCampaign[]> {
    const found: SentCampaign[] = [];
    for (let place: Place | undefined = { offset: 0 }; place !== undefined; ) {
      const page = await readPage(
        call,
        options,
        settings.pageSize,
        sentCampaigns(settings, since),
        place,
      );
      found.push(...page.entries.map(sentCampaign).filter((one) => one !== undefined));
      place = page.next;
    }
    const unique = [...new Map(found.map((one) => [one.id, one])).values()];
    return unique.sort(
      (left, right) => left.sentAt - right.sentAt || (left.id < right.id ? -1 : 1),
    );
  }

  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    const { since, run } = (options.cursor ?? {}) as Standing;
    const start = run?.start ?? options.now;
    const begun = since === undefined ? {} : { since };
    const horizon = since === undefined ? undefined : since - settings.reportDays * dayMs;
    const list = await sent(horizon, options);
    const left = run === undefined ? list : list.filter((campaign) => isLeft(campaign, run));
    for (const campaign of left) {
      const going = campaign.id === run?.campaign ? run : undefined;
      for (let part = going?.part ?? 0; part < reportParts.length; part++) {
        // what was sent since the last run, or shortly before it, was not read whole
        const fresh = since === undefined || campaign.sentAt > since - 7 * dayMs;
        const name = reportParts[part] ?? "sent-to";
        if (name === "sent-to" && !fresh) continue;
        const asked = reportList(name, campaign.id, fresh ? undefined : since);
        let place: Place | undefined =
          part === going?.part && going.place ? going.place : { offset: 0 };
        while (place !== undefined) {
          const page = await readPage(call, options, settings.pageSize, asked, place);
          place = page.next;
          const at = { start, sentAt: campaign.sentAt, campaign: campaign.id };
          const next: Pick<NonNullable<Standing["run"]>, "part" | "place"> = place !== undefined
            ? { part, place }
            : part + 1 < reportParts.length
              ? { part: part + 1 }
              : {};
          const records = { engagement: engagementsOf(name, campaign, page.entries) };
          yield { records, cursor: { ...begun, run: { ...at, ...next } } };
        }
      }
    }
    const cursor: Cursor = { since: Math.max(start - overlapMs, since ?? 0) };
    yield { records: {}, cursor };
  }

  return {
    name: `${settings.system}:engagements`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}

function isLeft({ sentAt, id }: SentCampaign, run: NonNullable<Standing["run"]>): boolean {
  if (sentAt !== run.sentAt) return sentAt > run.sentAt;
  return run.part === undefined ? id > run.campaign : id >= run.campaign;
}
