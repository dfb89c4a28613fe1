import type { CallContext } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { type Place, readPage } from "./paging.js";
import type { Run } from "./run.js";
import { words } from "./values.js";

/** Statuses of members that get no score. */
const leftAlone = ["unsubscribed", "cleaned", "pending", "archived"] as const;
/** A list of those is looked at again after so long. */
const freshMs = 15 * 60_000;

export const memberPath = "/lists/{list_id}/members/{subscriber_hash}";

/** How members stand with the audience. */
export interface Standings {
  /** By record id: the status of those that are not to be written on, "gone" for those that are not there. */
  of(ids: readonly string[], context: CallContext): Promise<ReadonlyMap<string, string>>;
  /** A new push: what was seen of others is forgotten. */
  renew(): void;
}

/**
 * Looks at a few members one by one, right before they are written. For many it lists those with another status than "subscribed" and
 * "transactional", a thousand to a request, and believes that for a quarter of an hour: nothing that is written could subscribe
 * somebody who has left meanwhile.
 */
export function standings(settings: Settings, call: Connection, run: Run): Standings {
  let listed: Promise<ReadonlyMap<string, string>> | undefined;
  let listedAt = 0;

  async function list(context: CallContext): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const status of leftAlone) {
      for (let place: Place | undefined = { offset: 0 }; place !== undefined; ) {
        const page = await readPage(
          call,
          context,
          settings.pageSize,
          {
            path: "/lists/{list_id}/members",
            params: { list_id: settings.audience },
            query: { status },
            key: "members",
            fields: ["id", "contact_id"],
          },
          place,
        );
        for (const { id, contact_id } of page.entries) {
          for (const name of [words(id), words(contact_id)]) {
            if (name !== undefined) found.set(name, status);
          }
        }
        place = page.next;
      }
    }
    return found;
  }

  async function each(
    ids: readonly string[],
    context: CallContext,
  ): Promise<ReadonlyMap<string, string>> {
    const answers = await run(
      ids.map((id) => ({
        method: "GET",
        path: memberPath,
        params: { list_id: settings.audience, subscriber_hash: id },
        query: { fields: "id,contact_id,status" },
      })),
      context,
    );
    const found = new Map<string, string>();
    for (const [index, id] of ids.entries()) {
      const answer = answers[index];
      if (answer?.status === 404) found.set(id, "gone");
      const status = words(answer?.body.status) ?? "";
      if (leftAlone.some((one) => one === status)) found.set(id, status);
    }
    return found;
  }

  return {
    async of(ids, context) {
      if (ids.length === 0) return new Map();
      if (ids.length <= settings.directAtMost) return each(ids, context);
      if (listed === undefined || performance.now() - listedAt > freshMs) {
        listedAt = performance.now();
        const own = list(context).catch((error: unknown) => {
          if (listed === own) listed = undefined;
          throw error;
        });
        listed = own;
      }
      return listed;
    },
    renew() {
      listed = undefined;
    },
  };
}
