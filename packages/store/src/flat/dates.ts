import { InchwormError } from "@inchworm/spec";
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
  const [{ known, unsettled }] = await session.rows<{ known: number; unsettled: number }>(
    `select count(${text}) as known, count(${either}) as unsettled from flat where fault is null`,
  );
  let instant = instantOf(text, options);
  if (unsettled > 0) {
    const ordered = orderedInstant(text, await orderOf(session, path, column, either), timeZone);
    instant =
      unsettled === known
        ? ordered
        : `case when ${either} is not null then ${ordered} else ${instant} end`;
  }
  return {
    milliseconds: `epoch_ms(${instant})`,
    day: `floor(epoch_ms(${outOfZone(instant, timeZone)}) / 86400000.0)`,
  };
}

/** The first rows tell the order as a rule; where they do not, all of them may. A date of the other order is then no date. */
async function orderOf(session: Session, path: string, column: string, text: string) {
  const first = `(from flat order by line limit ${firstRows})`;
  try {
    return await settleOrder(session, first, text, path, column);
  } catch (error) {
    if (!InchwormError.is(error, "input")) throw error;
    return settleOrder(session, "flat", text, path, column);
  }
}

const firstRows = 50_000;
