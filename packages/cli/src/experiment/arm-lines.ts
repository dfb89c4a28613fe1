import type { HoldoutArms, Store } from "@inchworm/store";

/** Who is in which arm as CSV, by one of their names. People without such a name are left out. */
export async function* armLines(
  store: Pick<Store, "contacts">,
  { contacts, arms, armNames }: Pick<HoldoutArms, "contacts" | "arms" | "armNames">,
  by: string,
): AsyncIterable<string> {
  const places = new Map(Array.from(contacts, (contact, row) => [contact, arms[row]]));
  yield `${cell(by)},arm\n`;
  for await (const batch of store.contacts({ batch: 10_000 }))
    for (const { contact, identities } of batch) {
      const place = places.get(contact);
      const name = identities.find(({ system }) => system === by)?.id;
      if (place !== undefined && name !== undefined)
        yield `${cell(name)},${cell(armNames[place])}\n`;
    }
}

const cell = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
