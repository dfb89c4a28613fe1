import { type Artifact, nextOrder } from "@inchworm/learn";
import type { History } from "../scorer.js";
import { day } from "../windows.js";
import { placesIn } from "./value-customers.js";

/** Fewer customers with an order teach nothing of when people order anyway. */
const leastCustomers = 50;

/** When people order anyway. */
export async function orderModel(
  history: History,
  asOf: number,
  work: { readonly signal?: AbortSignal },
): Promise<Artifact | undefined> {
  const orders = await history.orderDays({ asOf, ...work });
  if (orders.contacts.length < leastCustomers) return undefined;
  return (await nextOrder().fit({ ...orders, asOf: Math.ceil(asOf / day) }, work)).save();
}

/** The chance that each person orders within so many days, whatever they are offered; 0 where nothing is known. */
export async function orderChances(
  history: History,
  artifact: Artifact | undefined,
  contacts: Int32Array,
  asOf: number,
  days: number,
  work: { readonly signal?: AbortSignal },
): Promise<Float64Array> {
  if (!artifact) return new Float64Array(contacts.length);
  const orders = await history.orderDays({ asOf, ...work });
  const model = nextOrder().load(artifact);
  const chances = model.forecast({ ...orders, asOf: Math.ceil(asOf / day) }).within(days);
  return Float64Array.from(placesIn(contacts, orders.contacts), (row) =>
    row < 0 || Number.isNaN(chances[row]) ? 0 : chances[row],
  );
}
