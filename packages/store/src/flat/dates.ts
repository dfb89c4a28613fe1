import {
  ambiguous,
  checkDateOptions,
  type DateOptions,
  instantOf,
  orderedInstant,
  outOfZone,
  settleOrder,
} from "../import/dates.js";
import type { Session } from "../session.js";

export interface FlatDateOptions {
  /** strptime format, such as "%d/%m/%Y %H:%M". Defaults to what the dates look like. */
  readonly dateFormat?: string;
  /** IANA zone of dates without an offset, and of the calendar. Defaults to "UTC". */
  readonly timeZone?: string;
}

/** How the dates of a column are read: SQL over `flat`, NULL when the text is no date. */
export interface FlatDates {
  /** Milliseconds since 1970, UTC. */
  readonly milliseconds: string;
  /** Days since 1970 on the calendar of the time zone. */
  readonly day: string;
}

/**
 * Tells from a whole column how its dates are read.
 *
 * @throws InchwormError "input" when the format or the zone is none, or nothing tells day from month (with formats to choose from)
 */
export async function tellFlatDates(
  session: Session,
  path: string,
  column: string,
  text: string,
  { dateFormat, timeZone = "UTC" }: FlatDateOptions,
): Promise<FlatDates> {
  const options: DateOptions = { dateFormat, timeZone };
  await checkDateOptions(session, options);
  const either = ambiguous(text, options);
  const [{ any }] = await session.rows<{ any: boolean }>(
    `select count(${either}) > 0 as any from flat where fault is null`,
  );
  const instants = [instantOf(text, options)];
  if (any) {
    const order = await settleOrder(session, "flat", either, path, column);
    instants.push(orderedInstant(text, order, timeZone));
  }
  const instant = any ? `coalesce(${instants.join(", ")})` : instants[0];
  return {
    milliseconds: `epoch_ms(${instant})`,
    day: `floor(epoch_ms(${outOfZone(instant, timeZone)}) / 86400000.0)`,
  };
}
