import type { Session } from "../session.js";
import type { FiguresOptions, Spread } from "../types/figures.js";

const bins = 20;

/** The numbers of a field as a relation `numbers (contact_id, number)`; parameters: the field's path, the scorer. */
export const numbersOf = (path: string, scorer: string): string =>
  `select contact_id, try_cast(json_extract_string(fields, ${path}) as double) as number from scores
  where scorer = ${scorer} and abstained is null and json_extract_string(fields, ${path}) is not null`;

/** A field's name as a path of JSON, whatever it holds. */
export const pathOf = (field: string): string => `$."${field.replaceAll('"', '\\"')}"`;

/** Sums are of decimals: those of doubles depend on the order in which threads come to them. */
const exact = (number: string): string => `cast(sum(cast(${number} as decimal(38, 6))) as double)`;

/** How the numbers of one field lie; `undefined` where nobody has one. */
export async function spread(
  session: Session,
  { scorer, field, probability }: FiguresOptions["numbers"][number],
): Promise<Spread | undefined> {
  const params = [pathOf(field), scorer];
  const numbers = `numbers as (${numbersOf("$1", "$2")})`;
  const [all] = await session.rows<{
    contacts: number;
    sum: number;
    least: number;
    most: number;
    high: number;
  }>(
    `with ${numbers} select count(number) as contacts, ${exact("number")} as sum, min(number) as least, max(number) as most,
      quantile_disc(number, 0.99) as high from numbers`,
    params,
  );
  if (!all || all.contacts === 0) return undefined;
  const from = probability ? 0 : Math.min(0, all.least);
  const to = probability ? 1 : Math.max(from, all.high);
  const width = to > from ? to - from : 1;
  const counted = await session.rows<{ bin: number; contacts: number }>(
    `with ${numbers} select cast(greatest(0, least(${bins - 1}, floor((number - $3::double) * ${bins} / $4::double))) as integer) as bin,
      count(*) as contacts from numbers where number is not null group by bin`,
    [...params, from, width],
  );
  const contactsOf = new Map(counted.map(({ bin, contacts }) => [bin, contacts]));
  const hundredths = await session.rows<{ contacts: number; sum: number }>(
    `with ${numbers}, placed as (
      select number, row_number() over (order by number desc) as place, count(*) over () as size from numbers where number is not null)
    select count(*) as contacts, ${exact("number")} as sum from placed
    group by ceil(place * least(size, 100) / size) order by ceil(place * least(size, 100) / size)`,
    params,
  );
  return {
    scorer,
    field,
    contacts: all.contacts,
    mean: all.sum / all.contacts,
    least: all.least,
    most: all.most,
    bins: Array.from({ length: bins }, (_, bin) => ({
      from: from + (bin * width) / bins,
      to: from + ((bin + 1) * width) / bins,
      contacts: contactsOf.get(bin) ?? 0,
    })),
    hundredths,
  };
}
