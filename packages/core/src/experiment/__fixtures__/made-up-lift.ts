import { madeUpShop, plantedLift } from "@inchworm/sandbox";
import { heldOut } from "../../holdout/held-out.js";
import { openWorkspace } from "../../workspace.js";

const day = 86_400_000;

export interface MadeUpLift {
  readonly contacts: number;
  readonly seed: number;
  /** The chance of a further order that the campaign gives to an active person. */
  readonly gain: number;
  readonly share: number;
  readonly adjust: "history" | "model" | false;
}

/** Holds people of a made-up shop out from a campaign whose effect is known, and asks what it brought in 30 days. */
export async function recoverLift({ contacts, seed, gain, share, adjust }: MadeUpLift) {
  const made = madeUpShop({ contacts, seed, days: 365 });
  let now = made.until;
  const shop = await openWorkspace(":memory:", { now: () => now, seed });
  const give = async (records: Parameters<typeof shop.store.ingest>[1]["records"]) => {
    await shop.store.ingest({ name: "shop:all", system: "customer" }, { records, cursor: {} });
  };
  for (const batch of made.contacts())
    await give({ contact: batch.map(({ customer, email }) => ({ id: customer, email })) });
  for (const { order, consent } of made.history())
    await give({ ...(order && { order }), ...(consent && { consent }) });
  await shop.holdOut({ name: "spring", share, salt: `spring ${seed}` });
  const held = await heldOut(shop.store, "spring");
  const { contacts: drawn } = await shop.store.holdoutArms("spring");
  const customers = new Map<number, string>();
  for await (const people of shop.store.contacts())
    for (const { contact, identities } of people)
      customers.set(contact, identities.find(({ system }) => system === "customer")?.id ?? "");
  const treated = new Set(
    Array.from(
      drawn.filter((contact) => !held.has(contact)),
      (one) => customers.get(one) ?? "",
    ),
  );
  const { orders, gains } = plantedLift(made, { treated, gain });
  for (const { order } of made.future(30)) await give({ ...(order && { order }) });
  await give({ order: orders });
  now += 30 * day;
  const truth = drawn.reduce((sum, one) => sum + (gains.get(customers.get(one) ?? "") ?? 0), 0);
  const result = await shop.experiment({
    holdout: "spring",
    outcome: "orders",
    days: 30,
    adjust,
    asOf: now,
  });
  await shop.close();
  return { truth: truth / drawn.length, result };
}
