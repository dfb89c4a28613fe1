import { ambiguous, instantOf, orderedInstant } from "../import/dates.js";

/** Which number of 5/3/2011 is the day. */
export type DateOrder = "day first" | "month first";

const options = { dateFormat: undefined, timeZone: "UTC" };

/**
 * SQL: a text as days since 1970, the time of day as a fraction, NULL when it is no date. Dates with day and month in numbers are
 * read in the `order` given, and not without one.
 */
export function daysOf(text: string, order?: DateOrder): string {
  const instants = [instantOf(text, options)];
  if (order) instants.push(orderedInstant(text, order, options.timeZone));
  return `(epoch_us(coalesce(${instants.join(", ")})) / 86400000000.0)`;
}

/** SQL: the numbers of a text such as 5/3/2011 that could each be the day, in their order; NULL for all other texts. */
export function twoWayParts(text: string): readonly [first: string, second: string] {
  const two = ambiguous(text, options);
  const part = (group: 1 | 2) =>
    `try_cast(regexp_extract(${two}, '^([0-9]{1,2})[/.-]([0-9]{1,2})', ${group}) as integer)`;
  return [part(1), part(2)];
}
