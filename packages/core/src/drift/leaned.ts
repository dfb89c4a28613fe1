import type { ModelCard } from "@inchworm/spec";

/** What grows as the calendar does, whatever people do. Its consequences show in the score, which is watched too. */
export const clocks = /^(tenure_days|days_since_first_order|.*_total)$/;

/** Which of these features the model leans on: its drivers, or any where none of them is a driver. */
export function leanedOn(
  card: ModelCard,
  features: readonly string[],
): (feature: string) => boolean {
  const drivers = new Set(card.drivers.map(({ feature }) => feature));
  return features.some((name) => drivers.has(name)) ? (name) => drivers.has(name) : () => true;
}
