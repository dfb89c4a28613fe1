import type { Session } from "../session.js";
import type { FiguresOptions, Move } from "../types/figures.js";
import { numbersOf, pathOf } from "./spread.js";

/** What has changed since the last earlier day whose numbers were kept; `undefined` where there is none. */
export async function moved(
  session: Session,
  { scorer, field, probability }: FiguresOptions["numbers"][number],
): Promise<Move | undefined> {
  const [days] = await session.rows<{ since: number | null; now: number | null }>(
    `with present as (select max(as_of) as now from scores where scorer = $1)
    select (select max(as_of) from past_scores where scorer = $1 and as_of < now) as since, now from present`,
    [scorer],
  );
  if (!days || days.since === null || days.now === null) return undefined;
  const params = [pathOf(field), scorer, new Date(days.since)];
  const both = `numbers as (${numbersOf("$1", "$2")}),
    past as (select contact_id, value from past_scores where scorer = $2 and as_of = $3),
    both_days as (select number, value from numbers full join past using (contact_id))`;
  const mean = (name: string) =>
    `cast(sum(cast(${name} as decimal(38, 6))) filter (where number is not null and value is not null) as double)`;
  const [sums] = await session.rows<{
    contacts: number;
    was: number | null;
    is: number | null;
    newcomers: number;
    gone: number;
  }>(
    `with ${both} select count(*) filter (where number is not null and value is not null) as contacts, ${mean("value")} as was,
      ${mean("number")} as "is", count(*) filter (where value is null) as newcomers, count(*) filter (where number is null) as gone
    from both_days`,
    params,
  );
  if (!sums || sums.contacts === 0 || sums.was === null || sums.is === null) return undefined;
  const meanThen = sums.was / sums.contacts;
  const step = probability ? 0.1 : Math.abs(meanThen) / 10;
  // a hair less: 0.3 - 0.2 is below 0.1 in doubles
  const [counts] = await session.rows<{ rose: number; fell: number }>(
    `with ${both} select count(*) filter (where number - value >= $4::double) as rose,
      count(*) filter (where value - number >= $4::double) as fell from both_days`,
    [...params, step * (1 - 1e-9)],
  );
  return {
    scorer,
    field,
    since: days.since,
    now: days.now,
    contacts: sums.contacts,
    meanThen,
    meanNow: sums.is / sums.contacts,
    step,
    rose: counts?.rose ?? 0,
    fell: counts?.fell ?? 0,
    newcomers: sums.newcomers,
    gone: sums.gone,
  };
}
