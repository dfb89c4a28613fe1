import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, instant, render, type Sql, sql } from "../sql.js";
import type { Contracts, ContractsOptions } from "../types/contracts.js";
import { refuseNonInstants } from "./cut.js";
import { columnsOf } from "./gather.js";
import { profilingDenied } from "./population.js";

/** Stands for no instant: columns leave the engine without NULLs. */
const none = 1e300;

/** See `Store.contracts`. */
export async function contracts(
  database: Database,
  { asOf, signal }: ContractsOptions,
): Promise<Contracts> {
  refuseNonInstants("contracts", { asOf });
  const known = termsAt(asOf);
  const distinct = sql`select plan as level from (${known}) terms where plan is not null group by plan`;
  const levels = render(sql`${distinct} order by level`, duckdb);
  const ms = (column: Sql) => sql`coalesce(${call("ms", column)}, 1e300)`;
  const { text, params } = render(
    sql`select contact_id, cast(dense_rank() over (order by contact_id, start_at, source, contract_id) - 1 as integer) as contract,
        ${call("ms", sql`start_at`)} as began, ${call("ms", sql`held_from`)} as since, ${ms(sql`held_to`)} as until,
        ${ms(sql`left_at`)} as gone, cast(coalesce(code, -1) as integer) as code, ${call("f32", sql`price`)} as price
      from (${known}) terms
      left join (select level, row_number() over (order by level) - 1 as code from (${distinct}) levels) coded on level = plan
      order by contact_id, start_at, source, contract_id, held_from`,
    duckdb,
  );
  const snapshot = await database.snapshot({ signal });
  try {
    const plans = await snapshot.rows<{ level: string }>(levels.text, levels.params);
    const [contacts, numbers, start, from, to, left, plan, price] = await columnsOf(
      snapshot.stream(text, params),
      [
        Int32Array,
        Int32Array,
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
        Int32Array,
        Float32Array,
      ],
    );
    return {
      rows: contacts.length,
      contacts,
      contracts: numbers,
      start,
      from,
      to: to.map((at) => (at < none ? at : Number.POSITIVE_INFINITY)),
      left: left.map((at) => (at < none ? at : Number.NaN)),
      plan,
      plans: plans.map(({ level }) => level),
      price,
    };
  } finally {
    await snapshot.end();
  }
}

/**
 * Terms that had begun before a day, and how they had ended by then: what happened from it on is not there. An end that was set and
 * has passed counts only where no later term had begun.
 */
function termsAt(asOf: number): Sql {
  const day = instant(asOf);
  const begun = sql`
    select *, case when row_number() over (partition by source, contract_id order by renewed_at nulls first) = 1
      then start_at else renewed_at end as held_from
    from contracts where contact_id not in ${profilingDenied}`;
  const followed = sql`
    select *, lead(held_from) over (partition by source, contract_id order by held_from) as held_to
    from (${begun}) begun where held_from < ${day}`;
  const cancelled = sql`case when cancelled_at < ${day} then cancelled_at end`;
  const ended = sql`case when end_at < ${day} and held_to is null then end_at end`;
  return sql`
    select contact_id, source, contract_id, plan, price, start_at, held_from, held_to,
      case when ${ended} < ${cancelled} then ${ended} else coalesce(${cancelled}, ${ended}) end as left_at
    from (${followed}) followed`;
}
