import { InchwormError } from "@inchworm/spec";
import type { Session } from "../session.js";
import { literal } from "../values.js";
import type { Step } from "./parse.js";

export interface DateOptions {
  readonly dateFormat: string | undefined;
  readonly timeZone: string;
}

const time = "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:\\s*[AaPp]\\.?[Mm]\\.?)?";
const offset = "(?:Z|z|UTC|GMT|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]|[+-](?:0[0-9]|1[0-4]))";
/** Only a clock has an offset after it: the end of 2011-1-09 is none. */
const beforeOffset =
  "(?::[0-9]{2}(?:[.,][0-9]+)?(?:\\s*[AaPp]\\.?[Mm]\\.?)?|[0-9]T[0-9]{4,6}|[0-9]{12,14})";
/** 5/3/2011 and 5.3.11 8:26: which number is the day cannot be told from one of them. */
const twoWays = `([0-9]{1,2})([/.-])([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?:[T, ]+(${time}))?\\s*(${offset})?`;

/**
 * @throws InchwormError "input" when the format is none of strptime's, or the zone is unknown
 */
export async function checkDateOptions(
  session: Session,
  { dateFormat, timeZone }: DateOptions,
): Promise<void> {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw new InchwormError("input", `There is no time zone "${timeZone}".`, {
      hint: "Use an IANA name such as Europe/Berlin.",
    });
  }
  if (dateFormat === undefined) return;
  const fault = (): InchwormError =>
    new InchwormError("input", `"${dateFormat}" is not a date format.`, {
      hint: 'Write it as strptime does, for example "%d/%m/%Y %H:%M".',
    });
  if (!dateFormat.includes("%")) throw fault();
  await session.rows(`select try_strptime('', ${literal(dateFormat)})`).catch(() => {
    throw fault();
  });
}

/** SQL: a UTC timestamp as a naive one of the zone. */
export const outOfZone = (timestamp: string, zone: string): string =>
  /^(utc|etc\/utc|gmt)$/i.test(zone)
    ? timestamp
    : `timezone(${literal(zone)}, timezone('UTC', ${timestamp}))`;

/** SQL: a naive timestamp of the zone as a UTC one. */
const inZone = (timestamp: string, zone: string): string =>
  /^(utc|etc\/utc|gmt)$/i.test(zone)
    ? timestamp
    : `timezone(${literal(zone)}, ${timestamp})::timestamp`;

/** Only years that a shop can have been in: 0001 and 9999 stand for "unknown". */
const sane = (instant: string): string =>
  `case when ${instant} >= timestamp '1900-01-01' and ${instant} < timestamp '2200-01-01' then ${instant} end`;

/** SQL: minutes east of UTC of an offset. */
const minutesEast = (suffix: string): string => `case
  when regexp_matches(${suffix}, '^[A-Za-z]') then 0
  else (case when starts_with(${suffix}, '-') then -1 else 1 end)
    * (substr(${suffix}, 2, 2)::integer * 60 + coalesce(try_cast(right(replace(${suffix}, ':', ''), -3) as integer), 0)) end`;

/**
 * SQL, in steps as a `Reader` has them, that reads an instant in any form with one meaning: ISO 8601 and its relatives with the
 * year first, months as words, seconds, milliseconds or microseconds since 1970. NULL for all else.
 */
export function instantSteps(
  text: string,
  { dateFormat, timeZone }: DateOptions,
  step: Step,
): readonly string[] {
  if (dateFormat !== undefined) {
    const read = `try_strptime(${text}, ${literal(dateFormat)})`;
    const instant = /%z/i.test(dateFormat) ? `${read}::timestamp` : inZone(read, timeZone);
    return [instant, sane(step(0))];
  }
  const [quick, suffix, base, naive, instant] = [0, 1, 2, 3, 4].map(step);
  const yearFirst = `([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]+(${time}))?`;
  const number = `try_cast(${base} as decimal(20,6))`;
  return [
    `case when strlen(${text}) in (10, 16, 19) then try_cast(${text} as timestamp) end`,
    `case when ${quick} is null and ${text} is not null
      then regexp_extract(${text}, ${literal(`${beforeOffset}\\s*(${offset})$`)}, 1) end`,
    `case when ${suffix} = '' then ${text} when ${suffix} is not null
      then trim(left(${text}, length(${text}) - length(${suffix}))) end`,
    `case
      when ${base} is null then ${quick}
      when regexp_full_match(${base}, ${literal(yearFirst)}) then try_cast(trim(regexp_replace(replace(${base}, ',', '.'),
        '^([0-9]{4}).([0-9]{1,2}).([0-9]{1,2})[T ]*', '\\1-\\2-\\3 ')) as timestamp)
      when regexp_full_match(${base}, '[0-9]{8}(?:[T ]?[0-9]{4}(?:[0-9]{2})?)?')
        then try_strptime(regexp_replace(${base}, '[T ]', ''), ['%Y%m%d', '%Y%m%d%H%M', '%Y%m%d%H%M%S'])
      when regexp_matches(${base}, '[A-Za-z]{3}') then try_strptime(${plainWords(base)}, ${wordFormats}) end`,
    `case
      when ${naive} is not null and ${suffix} <> '' then ${naive} - to_minutes(${minutesEast(suffix)})
      when ${naive} is not null then ${inZone(naive, timeZone)}
      when regexp_full_match(${base}, '[0-9]{9,10}(?:[.][0-9]+)?') then make_timestamp((${number} * 1000000)::bigint)
      when regexp_full_match(${base}, '[0-9]{12,13}') then make_timestamp(${base}::bigint * 1000)
      when regexp_full_match(${base}, '[0-9]{15,16}') then make_timestamp(${base}::bigint) end`,
    sane(instant),
  ];
}

/** The same as one expression. */
export const instantOf = (text: string, options: DateOptions): string =>
  inOne(text, (step) => instantSteps("x", options, step));

/** SQL: the last of some steps over the text `x`. A lambda gives each a name, which an expression has no other way to do. */
export function inOne(text: string, steps: (step: Step) => readonly string[]): string {
  const name = (number: number) => `x${number}`;
  const all = steps(name);
  const last = all.length - 1;
  const nested = all.reduceRight(
    (inner, sql, number) =>
      number === last ? sql : `list_transform([${sql}], lambda ${name(number)}: ${inner})[1]`,
    "",
  );
  return `list_transform([${text}], lambda x: ${nested})[1]`;
}

/** SQL: "Fri, 9th December 2011 8:26 PM" as "9 Dec 2011 8:26 PM". */
const plainWords = (text: string): string =>
  [
    ["^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\\s+", ""],
    ["([0-9])(?:st|nd|rd|th)\\b", "\\1"],
    ["\\b([A-Za-z]{3})[a-z]+\\.?", "\\1"],
    ["[.,/-]+|\\s+at\\s+", " "],
    ["\\s+", " "],
  ].reduce(
    (sql, [from, to]) => `regexp_replace(${sql}, ${literal(from)}, ${literal(to)}, 'gi')`,
    text,
  );

const wordFormats = `[${["%d %b %Y", "%b %d %Y", "%Y %b %d", "%d %b %y"]
  .flatMap((day) =>
    ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p"].map((clock) => literal(day + clock)),
  )
  .join(", ")}]`;

/** SQL: the text, when it is a date with a day and a month in numbers of which either could be the day. */
export const ambiguous = (text: string, { dateFormat }: DateOptions): string =>
  dateFormat !== undefined
    ? "null::varchar"
    : `case when regexp_full_match(${text}, ${literal(twoWays)}) then ${text} end`;

type Order = "day first" | "month first";

/** So many dates of the other order, for each that decides for the one, are mistakes; with more, the column has no order. */
const mostMistakes = 0.1;

/**
 * Tells from a whole column of ambiguous dates which number is the day: one above 12 is no month.
 *
 * @throws InchwormError "input" with the formats to choose from when no date, or dates of both orders, decide
 */
export async function settleOrder(
  session: Session,
  table: string,
  text: string,
  file: string,
  column: string,
): Promise<Order> {
  const part = (group: number) => `regexp_extract(${text}, ${literal(`^${twoWays}$`)}, ${group})`;
  const [found] = await session.rows<{
    days: number;
    months: number;
    sign: string;
    year: string;
    clock: string;
  }>(`
    with parts as (
      select ${part(1)}::integer as one, ${part(3)}::integer as two, ${part(2)} as sign, ${part(4)} as year, ${part(5)} as clock
      from ${table} where ${text} is not null
    )
    select count(*) filter (where one > 12 and two <= 12) as days, count(*) filter (where two > 12 and one <= 12) as months,
      any_value(sign) as sign, any_value(year) as year, max(clock) as clock
    from parts`);
  const { days, months } = found;
  if (days > 0 && months <= days * mostMistakes) return "day first";
  if (months > 0 && days <= months * mostMistakes) return "month first";
  const rest = `${found.sign}${found.year.length === 4 ? "%Y" : "%y"}${clockFormat(found.clock)}`;
  const [dayFirst, monthFirst] = [`%d${found.sign}%m${rest}`, `%m${found.sign}%d${rest}`];
  throw new InchwormError(
    "input",
    days + months === 0
      ? `The dates in column "${column}" of ${file} can all be read day first or month first.`
      : `Column "${column}" of ${file} has dates day first and dates month first.`,
    {
      hint: `Pass the format: --date-format "${dayFirst}" (day first) or --date-format "${monthFirst}" (month first).`,
    },
  );
}

function clockFormat(clock: string): string {
  if (clock === "") return "";
  const half = /m\.?$/i.test(clock);
  return ` ${half ? "%I" : "%H"}:%M${clock.split(":").length > 2 ? ":%S" : ""}${half ? " %p" : ""}`;
}

/** SQL, in steps, that reads a date of `twoWays` in the order that was settled. */
export function orderedSteps(
  text: string,
  order: Order,
  timeZone: string,
  step: Step,
): readonly string[] {
  const [parts, joined, naive, instant] = [0, 1, 2, 3].map(step);
  const [day, month] = order === "day first" ? ["one", "two"] : ["two", "one"];
  const names = "['one', 'sign', 'two', 'year', 'clock', 'suffix']";
  return [
    `case when ${text} is not null then regexp_extract(${text}, ${literal(`^${twoWays}$`)}, ${names}) end`,
    `${parts}.${day} || '/' || ${parts}.${month} || '/'
      || case when length(${parts}.year) = 4 then '' when ${parts}.year < '70' then '20' else '19' end || ${parts}.year
      || rtrim(' ' || upper(regexp_replace(replace(${parts}.clock, ',', '.'), '\\s*([AaPp])\\.?([Mm])\\.?$', ' \\1\\2')))`,
    `try_strptime(${joined}, ['%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M:%S.%f',
      '%d/%m/%Y %I:%M %p', '%d/%m/%Y %I:%M:%S %p'])`,
    `case when ${parts}.suffix <> '' then ${naive} - to_minutes(${minutesEast(`${parts}.suffix`)})
      else ${inZone(naive, timeZone)} end`,
    sane(instant),
  ];
}

/** The same as one expression. */
export const orderedInstant = (text: string, order: Order, timeZone: string): string =>
  inOne(text, (step) => orderedSteps("x", order, timeZone, step));
