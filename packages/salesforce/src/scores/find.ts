import { objects } from "@inchworm/kit";
import type { CallContext } from "@inchworm/spec";
import { quoted } from "../soql.js";
import { objectIn } from "../wire/bodies.js";
import type { Call, Connection } from "../wire/connection.js";

/** Characters of a query once it is an address; with the headers, Salesforce takes 16,384 bytes. */
const longestQuery = 12_000;

/**
 * Finds records by address: a contact or a person account before a lead. Where several share an address nobody guesses: such a person
 * has none.
 */
export async function findByEmail(
  call: Connection,
  emails: readonly string[],
  where: { readonly personAccounts: boolean; readonly leads: boolean },
  context: CallContext,
): Promise<readonly (string | undefined)[]> {
  const wanted = emails.map((email) => email.trim().toLowerCase());
  const plausible = new Set(wanted.filter((email) => /^[^\s@,;]+@[^\s@,;]+$/.test(email)));
  const found = new Map<string, Set<string>>();
  await look("Contact", "Email", where.personAccounts ? "IsPersonAccount = false AND " : "");
  if (where.personAccounts) await look("Account", "PersonEmail", "IsPersonAccount = true AND ");
  for (const email of found.keys()) plausible.delete(email);
  if (where.leads) await look("Lead", "Email", "IsConverted = false AND ");
  return wanted.map((email) => {
    const ids = found.get(email);
    return ids?.size === 1 ? [...ids][0] : undefined;
  });

  async function look(object: string, field: string, more: string): Promise<void> {
    const head = `SELECT Id, ${field} FROM ${object} WHERE ${more}${field} IN (`;
    for (const list of lists([...plausible].map(quoted), longestQuery - head.length)) {
      const needs = `the right to read ${object} records`;
      let request: Pick<Call, "path" | "query"> | undefined = {
        path: "/query",
        query: { q: `${head}${list})` },
      };
      while (request !== undefined) {
        const body = objectIn(
          await call(context, { method: "GET", ...request, needs }),
          `GET ${request.path}`,
        );
        for (const record of objects(body, "records")) {
          const email = String(record[field] ?? "")
            .trim()
            .toLowerCase();
          found.set(email, (found.get(email) ?? new Set()).add(String(record.Id)));
        }
        const next = body.nextRecordsUrl;
        request =
          typeof next === "string" && next.startsWith("/services/data/")
            ? { path: next }
            : undefined;
      }
    }
  }
}

/** Texts with commas between them, in runs of at most so many characters once they are part of an address. */
function* lists(texts: readonly string[], most: number): Generator<string> {
  let list = "";
  let length = 0;
  for (const text of texts) {
    const more = encodeURIComponent(text).length + 3;
    if (list !== "" && length + more > most) {
      yield list;
      list = "";
      length = 0;
    }
    list = list === "" ? text : `${list},${text}`;
    length += more;
  }
  if (list !== "") yield list;
}
