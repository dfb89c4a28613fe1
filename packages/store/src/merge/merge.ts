import type { Session } from "../session.js";
import { mergeConsents } from "./consents.js";
import { mergeContracts } from "./contracts.js";
import { mergeEngagements } from "./engagements.js";
import { mergeNamed } from "./named.js";
import { mergeOrderLines } from "./order-lines.js";
import { type Merged, mergeOrders } from "./orders.js";
import { mergePeople } from "./people.js";
import type { StagingTable } from "./staging.js";

/** Merges all that is staged: people first, since everything else names them. Gives what each staging table did. */
export async function mergeStaged(
  session: Session,
  staged: ReadonlySet<StagingTable>,
  { name, system }: { readonly name: string; readonly system: string },
  ordersKnown: "by id" | "by id, contact and instant",
): Promise<ReadonlyMap<StagingTable, Merged>> {
  const merged = new Map<StagingTable, Merged>();
  const steps: readonly (readonly [StagingTable, () => Promise<Merged>])[] = [
    ["in_consent", () => mergeConsents(session, name)],
    ["in_item", () => mergeNamed(session, "items")],
    ["in_order", () => mergeOrders(session, system, ordersKnown)],
    ["in_order_line", () => mergeOrderLines(session, system)],
    ["in_engagement", () => mergeEngagements(session, system)],
    ["in_contract", () => mergeContracts(session, system)],
    ["in_campaign", () => mergeNamed(session, "campaigns")],
    ["in_message", () => mergeNamed(session, "messages")],
  ];
  if (staged.has("in_name")) {
    merged.set("in_name", await mergePeople(session, staged));
  }
  for (const [table, step] of steps) if (staged.has(table)) merged.set(table, await step());
  return merged;
}
