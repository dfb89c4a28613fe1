import type { Session } from "../session.js";
import type { FiguresOptions, Group, RankCell, ScoredField } from "../types/figures.js";
import { numbersOf, pathOf } from "./spread.js";

/** A field with more names than this parts people into too many groups to show. */
const mostGroups = 60;

interface GroupRow {
  readonly name: string;
  readonly contacts: number;
  readonly orders: number;
  readonly spend: number;
  readonly days: number | null;
}

/** The groups of one field, the largest first, each with what its people ordered and what was foretold of them. */
export async function groups(
  session: Session,
  { scorer, field }: ScoredField,
  { asOf, numbers }: FiguresOptions,
): Promise<Group[]> {
  const members = `members as (select contact_id, json_extract_string(fields, $1) as name from scores
    where scorer = $2 and abstained is null and json_extract_string(fields, $1) is not null)`;
  const rows = await session.rows<GroupRow>(
    `with ${members}, ordered as (
      select contact_id, count(*) as orders, sum(total) as spend, max(occurred_at) as latest from orders
      where contact_id is not null and total > 0 and occurred_at < $3 group by contact_id)
    select name, count(*) as contacts, coalesce(sum(orders), 0) / count(*) as orders,
      cast(coalesce(sum(spend), 0) as double) / count(*) as spend,
      sum(epoch_ms($3::timestamp) - epoch_ms(latest)) / 86400000.0 / count(latest) as days
    from members left join ordered using (contact_id)
    group by name order by contacts desc, name limit ${mostGroups}`,
    [pathOf(field), scorer, new Date(asOf)],
  );
  const means = new Map<string, Record<string, number>>();
  for (const other of numbers) {
    const found = await session.rows<{ name: string; mean: number }>(
      `with ${members}, numbers as (${numbersOf("$3", "$4")})
      select name, cast(sum(cast(number as decimal(38, 6))) as double) / count(number) as mean
      from members join numbers using (contact_id) where number is not null group by name order by name`,
      [pathOf(field), scorer, pathOf(other.field), other.scorer],
    );
    for (const { name, mean } of found)
      means.set(name, { ...means.get(name), [other.scorer]: mean });
  }
  return rows.map(({ days, ...row }) => ({
    scorer,
    field,
    ...row,
    ...(days !== null && { daysSinceOrder: days }),
    means: means.get(row.name) ?? {},
  }));
}

/** See `Figures.ranks`. */
export const ranks = (session: Session): Promise<RankCell[]> =>
  session.rows<RankCell>(
    `with ranked as (
      select string_split(json_extract_string(fields, '$.rfm'), '-') as parts from scores
      where scorer = 'segments' and abstained is null and json_extract_string(fields, '$.rfm') is not null)
    select cast(parts[1] as integer) as recency, cast(parts[2] as integer) as frequency, count(*) as contacts,
      sum(cast(parts[3] as integer)) / count(*) as monetary
    from ranked where len(parts) = 3 group by all order by recency, frequency`,
  );

/** See `Figures.hours`. */
export const hours = (session: Session): Promise<{ hour: number; contacts: number }[]> =>
  session.rows(
    `with told as (
      select list_position(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
          json_extract_string(fields, '$.send_weekday')) - 1 as weekday,
        try_cast(json_extract_string(fields, '$.send_hour') as integer) as hour
      from scores where scorer = 'send-time' and abstained is null)
    select weekday * 24 + hour as hour, count(*) as contacts from told
    where weekday is not null and hour between 0 and 23 group by all order by hour`,
  );
