import type { Session } from "../session.js";

const who = "who_system varchar, who_id varchar";

/**
 * Where a batch waits to be merged, in temporary tables of the writing connection. `seq` is the place in the batch or the line
 * of the file: later wins. (who_system, who_id) names a contact; `who_id` is null for an anonymous purchase.
 */
export const staging = {
  in_contact: `seq bigint, email varchar, first_name varchar, last_name varchar, phone varchar, country varchar,
    region varchar, city varchar, postal_code varchar, time_zone varchar, language varchar, created_at timestamp,
    modified_at timestamp`,
  // the names of the record `seq`; state: what the record says about that name, NULL where it says nothing
  in_name: "seq bigint, system varchar, external_id varchar, state varchar, modified_at timestamp",
  in_consent: `seq bigint, ${who}, purpose varchar, status varchar, occurred_at timestamp`,
  in_item: `seq bigint, item_id varchar, name varchar, category varchar, price double, currency varchar,
    kind varchar, available boolean, region varchar, margin double, cost double, brand varchar`,
  in_order: `seq bigint, order_id varchar, ${who}, occurred_at timestamp, total double, currency varchar`,
  in_order_line: `seq bigint, order_id varchar, line varchar, ${who}, occurred_at timestamp, item_id varchar,
    quantity double, unit_price double, currency varchar`,
  in_engagement: `seq bigint, id varchar, ${who}, type varchar, occurred_at timestamp, campaign_id varchar,
    item_id varchar, machine boolean`,
  in_contract: `seq bigint, contract_id varchar, ${who}, start_at timestamp, renewed_at timestamp, end_at timestamp,
    cancelled_at timestamp, plan varchar, price double, currency varchar`,
  in_campaign: `seq bigint, campaign_id varchar, channel varchar, name varchar, subject varchar, preview varchar,
    body varchar, media_type varchar, color varchar, form varchar, offer varchar, sent_at timestamp, kind varchar`,
  in_message: `seq bigint, message_id varchar, ${who}, occurred_at timestamp, channel varchar, text varchar`,
} as const;

export type StagingTable = keyof typeof staging;

/** Tables whose rows name a contact. */
export const referring = [
  "in_consent",
  "in_order",
  "in_order_line",
  "in_engagement",
  "in_contract",
  "in_message",
] as const satisfies readonly StagingTable[];

/** Makes the tables, empty. */
export async function emptyStaging(
  session: Session,
  tables: Iterable<StagingTable>,
): Promise<void> {
  for (const table of tables) {
    await session.run(`create or replace temp table ${table} (${staging[table]})`);
  }
}

export async function countRows(session: Session, from: string): Promise<number> {
  const [row] = await session.rows<{ rows: number }>(`select count(*) as rows from ${from}`);
  return row.rows;
}

/**
 * Numbers the rows of `in_keyed` that are equal in `key` from the last one on: makes the view `in_numbered`, which has `nth`
 * besides. Rows that have no equal, most of them, are spared the sorting.
 */
export async function numberEqual(session: Session, key: string): Promise<void> {
  await session.run(
    `create or replace temp table in_equal as select ${key} from in_keyed group by ${key} having count(*) > 1`,
  );
  const some = (await countRows(session, "in_equal")) > 0;
  await session.run(`create or replace temp view in_numbered as
    ${
      some
        ? `select *, 1 as nth from in_keyed anti join in_equal using (${key})
           union all
           select *, row_number() over (partition by ${key} order by seq desc) from in_keyed semi join in_equal using (${key})`
        : "select *, 1 as nth from in_keyed"
    }`);
}

/** Drops what a merge has left in memory. Not worth its while after a small page, whose tables the next one replaces. */
export async function dropStaging(session: Session): Promise<void> {
  const left = await session.rows<{ name: string; kind: string }>(`
    select view_name as name, 'view' as kind from duckdb_views() where temporary and view_name like 'in\\_%' escape '\\'
    union all select table_name, 'table' from duckdb_tables() where temporary and table_name like 'in\\_%' escape '\\'`);
  await session.run(left.map(({ name, kind }) => `drop ${kind} ${name};`).join(" "));
}
