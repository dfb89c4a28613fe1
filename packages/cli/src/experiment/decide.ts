import type { Decided, Workspace } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";
import { writeFiles } from "../fit/files.js";
import { peopleIn } from "../send-plan/people.js";
import { armLines } from "./arm-lines.js";

export interface DecideFileOptions {
  readonly campaign: string;
  readonly holdout: string;
  readonly people?: string;
  readonly scorer?: string;
  readonly cost?: number;
  readonly out?: string;
  readonly by: string;
}

/** Keeps a decision about the people of a file, or about all, and writes whom to send to. */
export async function decideFor(
  shop: Workspace,
  { campaign, holdout, people, scorer, cost, out, by }: DecideFileOptions,
): Promise<Decided & { readonly unknown: number }> {
  const asked = people === undefined ? undefined : await contactsOf(shop, await peopleIn(people));
  const decided = await shop.decide({
    campaign,
    holdout,
    ...(asked && { contacts: asked.contacts }),
    ...(scorer !== undefined && { scorer }),
    ...(cost !== undefined && { cost }),
  });
  if (out !== undefined) {
    const { contacts, arms, armNames } = await shop.store.holdoutArms(holdout);
    const wanted = new Set(decided.treat);
    const rows = Int32Array.from(contacts.keys()).filter((row) => wanted.has(contacts[row]));
    await writeFiles([
      [
        out,
        armLines(
          shop.store,
          {
            contacts: rows.map((row) => contacts[row]),
            arms: Uint8Array.from(rows, (row) => arms[row]),
            armNames,
          },
          by,
        ),
      ],
    ]);
  }
  return { ...decided, unknown: asked?.unknown ?? 0 };
}

async function contactsOf(
  { store }: Workspace,
  names: readonly string[],
): Promise<{ readonly contacts: Int32Array; readonly unknown: number }> {
  const wanted = new Set(names.map((name) => (name.includes("@") ? name.toLowerCase() : name)));
  const found: number[] = [];
  const met = new Set<string>();
  for await (const batch of store.contacts({ batch: 10_000 }))
    for (const { contact, identities } of batch) {
      const own = identities.flatMap(({ system, id }) =>
        [system === "email" ? id : "", `${system}:${id}`].filter((name) => wanted.has(name)),
      );
      for (const name of own) met.add(name);
      if (own.length > 0) found.push(contact);
    }
  const unknown = wanted.size - met.size;
  if (met.size > 0) return { contacts: Int32Array.from(found), unknown };
  throw new InchwormError("input", "Nobody here has any of the names in the file.", {
    hint: "Give e-mail addresses, or system:id such as hubspot:101 or customer:C000001.",
  });
}
