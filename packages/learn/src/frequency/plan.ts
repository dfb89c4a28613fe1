import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { who } from "./check-frequency.js";
import type { FrequencyBudget, FrequencyPlan, FrequencyValue } from "./types.js";

/** Curves of each person: what is needed to plan. */
export interface Planned {
  readonly people: number;
  readonly most: number;
  engagement(person: number): Float64Array;
  risk(person: number): Float64Array;
}

/**
 * Each person's worth of messages is concave, so the best plan takes every further message that earns more than a price, the same
 * for all; the price is 0 where the budget does not bind, and else found by bisection.
 */
export function planFrequency(
  { people, most, engagement, risk }: Planned,
  value: FrequencyValue,
  budget: FrequencyBudget = {},
): Omit<FrequencyPlan, "verdict"> {
  checkOptions(who, { engagement: value.engagement }, { engagement: { min: 0 } });
  checkOptions(who, { message: value.message ?? 0 }, { message: { min: 0 } });
  const { subscription, message = 0 } = value;
  if (typeof subscription === "number")
    checkOptions(who, { subscription }, { subscription: { min: 0 } });
  else checkEach("subscription", subscription, people);
  if (budget.most && budget.most.length !== people)
    throw new LearnError("input", `${who}: ${budget.most.length} limits for ${people} people.`);
  if (budget.total !== undefined) checkOptions(who, { total: budget.total }, { total: { min: 0 } });

  // worth of each further message, falling; what rounding makes rise is held down
  const gains = new Float64Array(people * most);
  const nothing = new Float64Array(people);
  for (let person = 0; person < people; person++) {
    const curve = engagement(person);
    const hazard = risk(person);
    const lost = typeof subscription === "number" ? subscription : subscription[person];
    const worth = (level: number) =>
      value.engagement * curve[level] - lost * hazard[level] - message * level;
    nothing[person] = worth(0);
    const allowed = Math.min(most, budget.most?.[person] ?? most);
    let least = Infinity;
    for (let level = 1; level <= most; level++) {
      least = Math.min(least, worth(level) - worth(level - 1));
      gains[person * most + level - 1] = level <= allowed ? least : -Infinity;
    }
  }
  const messages = new Uint8Array(people);
  /** Takes what earns more than the price. */
  const fill = (price: number): number => {
    let total = 0;
    for (let person = 0; person < people; person++) {
      let level = 0;
      while (level < most && gains[person * most + level] > price) level++;
      messages[person] = level;
      total += level;
    }
    return total;
  };
  let total = fill(0);
  let price = 0;
  const limit = Math.floor(budget.total ?? Infinity);
  if (total > limit) {
    let low = 0;
    let high = gains.reduce((top, gain) => Math.max(top, gain), 0);
    for (let round = 0; round < 100 && high - low > 1e-12 * high; round++) {
      const middle = (low + high) / 2;
      if (fill(middle) > limit) low = middle;
      else high = middle;
    }
    price = high;
    total = fill(price);
    // messages that are worth the price itself, as far as the budget goes
    for (let person = 0; person < people && total < limit; person++)
      while (
        total < limit &&
        messages[person] < most &&
        gains[person * most + messages[person]] > low
      ) {
        messages[person]++;
        total++;
      }
  }
  let earned = 0;
  for (let person = 0; person < people; person++) {
    earned += nothing[person];
    for (let level = 0; level < messages[person]; level++) earned += gains[person * most + level];
  }
  return { messages, total, price, value: earned };
}

function checkEach(name: string, values: Float64Array, people: number): void {
  const wrong = values.findIndex((value) => !(value >= 0 && value < Infinity));
  if (values.length === people && wrong < 0) return;
  throw new LearnError(
    "input",
    `${who}: "${name}" must be one number ≥ 0 for each of the ${people} people.`,
  );
}
