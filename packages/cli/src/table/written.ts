import { daysOf, type FlatFile, twoWayParts } from "@inchworm/store";
import { isNoValue, numberOf } from "./expressions.js";
import type { Reading } from "./reading.js";

/** This share of a column's values may be slips of the pen before it is no longer a column of numbers or dates. */
export const mostSlips = 0.01;

/** A column that begins with so many values of which hardly any can be read is not looked at further. */
const firstLook = 1000;

const looks = {
  truths: (text: string) =>
    `case when list_contains(['true', 't', 'false', 'f'], lower(${text})) then 1 end`,
  dots: (text: string) => numberOf(text, "."),
  commas: (text: string) => numberOf(text, ","),
  dates: (text: string) => daysOf(text),
  twoWays: (text: string) => twoWayParts(text)[0],
  dayFirst: (text: string) => `case when ${twoWayParts(text)[0]} > 12 then 1 end`,
  monthFirst: (text: string) => `case when ${twoWayParts(text)[1]} > 12 then 1 end`,
  addresses: (text: string) =>
    `case when regexp_full_match(${text}, '[^\\s@]+@[^\\s@]+[.][^\\s@]+') then 1 end`,
};
type Look = keyof typeof looks;

/** What people or programs wrote into a column that does not hold plain numbers. */
export interface Written {
  readonly reading?: Reading;
  /** Values that the reading cannot read. */
  readonly slips?: number;
  readonly note?: string;
  readonly addresses?: true;
}

/** Tells truths, numbers, dates and e-mail addresses; nothing when the column holds something else. */
export async function tellWritten(file: FlatFile, name: string): Promise<Written> {
  const begin = await count(
    file,
    name,
    ["truths", "dots", "commas", "dates", "twoWays", "addresses"],
    firstLook,
  );
  const likely = (number: number) => begin.total > 0 && number * 2 >= begin.total;
  if (likely(begin.addresses)) return { addresses: true };
  if (likely(begin.truths)) {
    const { truths, total } = await count(file, name, ["truths"]);
    if (truths === total) return { reading: { name, kind: "boolean" }, slips: 0 };
  }
  if (likely(begin.dots) || likely(begin.commas)) {
    const { total, dots, commas } = await count(file, name, ["dots", "commas"]);
    // 1,234 is a thousand and more unless another value says otherwise
    const [most, decimal] = dots >= commas ? ([dots, "."] as const) : ([commas, ","] as const);
    if (isMost(most, total))
      return { reading: { name, kind: "number", decimal }, slips: total - most };
  }
  return likely(begin.dates + begin.twoWays) ? tellDates(file, name) : {};
}

/** Tells whether a column holds dates, and which number of 5/3/2011 is the day: one above 12 is no month. */
export async function tellDates(file: FlatFile, name: string): Promise<Written> {
  const { total, dates, twoWays, dayFirst, monthFirst } = await count(file, name, [
    "dates",
    "twoWays",
    "dayFirst",
    "monthFirst",
  ]);
  const slips = total - dates - twoWays + Math.min(dayFirst, monthFirst);
  if (!isMost(total - slips, total)) return {};
  if (twoWays === 0) return { reading: { name, kind: "date" }, slips };
  const order = monthFirst > dayFirst ? "month first" : "day first";
  const reading: Reading = { name, kind: "date", order };
  if (dayFirst + monthFirst > 0) return { reading, slips };
  const note = `The dates in "${name}" can be read both ways and are read day first. If that is wrong, write them as 2024-01-31.`;
  return { reading, slips, note };
}

const isMost = (number: number, total: number): boolean =>
  total > 0 && number >= total * (1 - mostSlips);

type Counts = Readonly<Record<Look | "total", number>>;

async function count(
  file: FlatFile,
  name: string,
  wanted: readonly Look[],
  limit?: number,
): Promise<Counts> {
  const text = file.text(name);
  const rows = `select ${text} as x from flat where fault is null and ${text} is not null and not ${isNoValue(text)}`;
  const some = limit === undefined ? rows : `${rows} order by line limit ${limit}`;
  const counts = wanted.map((look) => `count(${looks[look]("x")}) as "${look}"`);
  const [counted] = await file.query<Counts>(
    `select count(*) as total, ${counts.join(", ")} from (${some})`,
  );
  return counted;
}
