import { InchwormError } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import type { SendPlanAudience } from "./types.js";

/** Names of an audience that are wrong may be a slip; more than so many of them are the wrong file. */
const mostUnknown = 0.5;

/** The contacts asked for, and how many names nobody here has; `undefined` = everybody. */
export async function audienceOf(
  store: Pick<Store, "contacts">,
  { people, contacts }: SendPlanAudience,
): Promise<{ readonly contacts: ReadonlySet<number> | undefined; readonly unknown: number }> {
  if (people === undefined)
    return { contacts: contacts && new Set(Array.from(contacts)), unknown: 0 };
  const wanted = new Set(people.map((name) => nameOf(name)).filter((name) => name !== ""));
  const found = new Set<number>(Array.from(contacts ?? []));
  const met = new Set<string>();
  for await (const batch of store.contacts({ batch: 10_000 }))
    for (const { contact, identities } of batch)
      for (const { system, id } of identities)
        for (const name of system === "email" ? [id, `email:${id}`] : [`${system}:${id}`])
          if (wanted.has(name)) {
            found.add(contact);
            met.add(name);
          }
  const unknown = wanted.size - met.size;
  if (unknown > mostUnknown * wanted.size)
    throw new InchwormError(
      "input",
      `sendPlan: ${unknown} of ${wanted.size} names in the audience are of nobody here.`,
      { hint: "Give e-mail addresses, or system:id such as hubspot:101 or customer:C000001." },
    );
  return { contacts: found, unknown };
}

const nameOf = (name: string): string => {
  const text = name.trim();
  return text.includes("@") ? text.toLowerCase() : text;
};
