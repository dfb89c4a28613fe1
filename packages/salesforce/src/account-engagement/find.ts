import { objects } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import { type Connection, objectIn } from "./connection.js";
import type { Settings } from "./options.js";
import { pages } from "./pages.js";
import { needsProspects } from "./prospects.js";

const path = "objects/prospects";

/**
 * Living prospects by their ids. Queries take no list of ids: each reads on from the next id that is wanted, a thousand prospects at a
 * time, so ids that lie side by side are found by few.
 */
export async function findProspects(
  settings: Settings,
  call: Connection,
  ids: readonly number[],
  fields: readonly string[],
  context: CallContext,
): Promise<ReadonlyMap<number, Readonly<Record<string, unknown>>>> {
  const found = new Map<number, Readonly<Record<string, unknown>>>();
  const asked = new Set(ids);
  const wanted = [...asked].sort((one, other) => one - other);
  for (let at = 0; at < wanted.length; ) {
    const answer = await call(context, {
      method: "GET",
      path,
      query: {
        fields: ["id", ...fields].join(","),
        orderBy: "id ASC",
        limit: String(settings.pageSize),
        idGreaterThanOrEqualTo: String(wanted[at]),
        idLessThanOrEqualTo: String(wanted.at(-1)),
      },
      needs: needsProspects,
    });
    const body = objectIn(answer, `GET ${path}`);
    let last = Number.NaN;
    for (const record of objects(body, "values")) {
      last = Number(record.id);
      if (asked.has(last)) found.set(last, record);
    }
    if (typeof body.nextPageToken !== "string" || body.nextPageToken === "") break;
    if (!(last >= (wanted[at] as number))) {
      throw new InchwormError("server", `account-engagement: GET ${path} does not move on.`);
    }
    while (at < wanted.length && (wanted[at] as number) <= last) at++;
  }
  return found;
}

/**
 * Ids of prospects by address. There is no asking for an address, so all prospects are read through; where several share one nobody
 * guesses, and it has none.
 */
export async function findByEmail(
  settings: Settings,
  call: Connection,
  emails: readonly string[],
  context: CallContext,
): Promise<readonly (string | undefined)[]> {
  const wanted = emails.map((email) => email.trim().toLowerCase());
  const found = new Map<string, string | undefined>();
  const asked = new Set(wanted.filter((email) => /^[^\s@,;]+@[^\s@,;]+$/.test(email)));
  if (asked.size === 0) return wanted.map(() => undefined);
  const query = {
    path,
    fields: ["id", "email"],
    pageSize: settings.pageSize,
    needs: needsProspects,
  };
  for await (const { records } of pages(call, context, query)) {
    for (const { id, email } of records) {
      const address = String(email ?? "")
        .trim()
        .toLowerCase();
      if (!asked.has(address)) continue;
      found.set(address, found.has(address) ? undefined : String(id));
    }
  }
  return wanted.map((email) => found.get(email));
}
