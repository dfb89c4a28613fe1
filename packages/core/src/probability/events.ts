import { engagementTypes, InchwormError } from "@inchworm/spec";
import type { EventRule } from "@inchworm/store";

/** An event in words, such as "an order of at least 50" or "a visit". */
export function wordsOf({ type, campaign, item, category, minTotal }: EventRule): string {
  const parts = [words[type] ?? type];
  if (minTotal !== undefined) parts.push(`of at least ${minTotal}`);
  if (item !== undefined) parts.push(`of item "${item}"`);
  if (category !== undefined) parts.push(`in category "${category}"`);
  if (campaign !== undefined) parts.push(type === "form" ? `"${campaign}"` : `of "${campaign}"`);
  return parts.join(" ");
}

const words: Partial<Record<EventRule["type"], string>> = {
  order: "an order",
  form: "a submitted form",
  open: "an open",
  click: "a click",
  reply: "a reply",
  visit: "a visit",
  view: "a view of an item",
  cart: "a filled cart",
  unsubscribe: "an unsubscribe",
  complaint: "a complaint",
  sent: "a message sent",
  delivered: "a message delivered",
  bounce: "a bounce",
};

export const listed = (events: readonly EventRule[], last: "or" | "and" = "or"): string => {
  const all = events.map(wordsOf);
  return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} ${last} ${all.at(-1)}`;
};

/** @throws InchwormError "input" when a rule is none, before any history is read */
export function checkEvents(scorer: string, option: string, events: readonly EventRule[]): void {
  if (!Array.isArray(events))
    throw new InchwormError("input", `${scorer}: "${option}" must be a list of events.`, {
      hint: `Such as ${option}: [{ type: "order" }].`,
    });
  for (const event of events) {
    const type = (event as Partial<EventRule> | undefined)?.type;
    if (type === "order" || (engagementTypes as readonly unknown[]).includes(type)) continue;
    throw new InchwormError("input", `${scorer}: "${option}" holds no event "${String(type)}".`, {
      hint: `The types are order, ${engagementTypes.join(", ")}.`,
    });
  }
}
