import type { PurchaseModel } from "@inchworm/learn";
import type { EventLog } from "../log/read-log.js";
import { plural } from "../terminal.js";
import type { Correction } from "./correct.js";
import type { Customers } from "./customers.js";
import { dayText } from "./days.js";
import type { History } from "./history.js";
import type { Spend } from "./models.js";

/**
 * A forecast of few customers that rests so much on the prior is partly another shop's. Of many, only what makes no difference is
 * left to it, such as the spread of rates where all are alike.
 */
const mostPrior = 0.2;
const fewCustomers = 1000;

interface Found {
  readonly log: EventLog;
  readonly history: History;
  readonly customers: Customers;
  readonly chosen: PurchaseModel;
  readonly spend: Spend;
  /** The column of amounts, if one was named. */
  readonly amount: string | undefined;
  /** Whether a forecast was held against what came. */
  readonly judged: boolean;
  readonly correction: Correction | undefined;
}

/** What the reader of a forecast must know besides: one sentence each. */
export function notesOf({
  log,
  history,
  customers,
  chosen,
  spend,
  amount,
  judged,
  correction,
}: Found): string[] {
  const { returns, free, spent } = history;
  const notes = [...log.notes];
  if (amount === undefined) notes.push("Without --amount nothing is said of value.");
  else if (!spent) notes.push(`No row has a "${amount}", so nothing is said of value.`);
  else if (spend.note) notes.push(spend.note);
  if (correction) {
    const [low, middle, high] = correction.factors.map((factor) => factor.toFixed(2));
    notes.push(
      `What a forecast at the end of ${dayText(correction.cut)} lacked in the ${plural(correction.days, "day")} after it sets the amounts right: low end × ${low}, middle × ${middle}, high end × ${high}.`,
    );
  }
  if (returns > 0)
    notes.push(
      `${plural(returns, "row")} with an amount below 0 ${returns === 1 ? "is a return: no order" : "are returns: no orders"}, and not subtracted.`,
    );
  if (free > 0)
    notes.push(
      `${plural(free, "order")} brought nothing, as far as is known: ${free === 1 ? "it counts" : "they count"} among orders, not in what an order brings.`,
    );
  if (customers.rows === 1) notes.push("There is a single customer: check --customer.");
  if (!customers.purchases.frequency.some((count) => count > 0))
    notes.push(
      "Nobody has come back yet: what is said of returns rests on what other shops have seen.",
    );
  if (customers.rows < fewCustomers && chosen.priorShare > mostPrior)
    notes.push(
      `With ${plural(customers.rows, "customer")}, ${Math.round(100 * chosen.priorShare)} % of the model is what other shops have seen, not this one.`,
    );
  if (!judged) notes.push("There are too few days to hold a forecast against what came.");
  return notes;
}
