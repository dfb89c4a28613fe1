import type { Store } from "@inchworm/store";
import { universal } from "./hold-out.js";

/**
 * Who must not get a campaign: those held out from everything, and from this campaign. For whatever plans sends; the names of a
 * holdout and of its campaign are the same.
 */
export async function heldOut(
  store: Pick<Store, "holdouts" | "holdoutArms">,
  campaign: string,
): Promise<ReadonlySet<number>> {
  const held = new Set<number>();
  for (const { name } of await store.holdouts()) {
    if (name !== universal && name !== campaign) continue;
    const { contacts, arms } = await store.holdoutArms(name);
    for (const [row, contact] of contacts.entries()) if (arms[row] === 0) held.add(contact);
  }
  return held;
}
