import type { Session } from "../session.js";
import type { Merged } from "./orders.js";

interface Named {
  readonly table: string;
  readonly staged: string;
  readonly id: string;
  readonly columns: readonly string[];
}

const kinds = {
  items: {
    table: "items",
    staged: `select * replace (price::decimal(18,4) as price, margin::decimal(18,4) as margin, cost::decimal(18,4) as cost)
      from in_item`,
    id: "item_id",
    columns: [
      "name",
      "category",
      "price",
      "currency",
      "kind",
      "available",
      "region",
      "margin",
      "cost",
      "brand",
    ],
  },
  campaigns: {
    table: "campaigns",
    staged: "from in_campaign",
    id: "campaign_id",
    columns: [
      "channel",
      "name",
      "subject",
      "preview",
      "body",
      "media_type",
      "color",
      "form",
      "offer",
      "sent_at",
      "kind",
    ],
  },
  messages: {
    table: "messages",
    staged: `select s.seq, s.message_id, i.contact_id, s.occurred_at, s.channel, s.text
      from in_message s join identities i on i.system = s.who_system and i.external_id = s.who_id`,
    id: "message_id",
    columns: ["contact_id", "occurred_at", "channel", "text"],
  },
} satisfies Record<string, Named>;

/** Puts staged rows that have an id of their own into their table. What the latest row knows replaces what stood. */
export async function mergeNamed(session: Session, kind: keyof typeof kinds): Promise<Merged> {
  const { table, staged, id, columns }: Named = kinds[kind];
  const list = (write: (column: string) => string) => columns.map(write).join(", ");
  await session.run(`
    create or replace temp table in_fresh as
      select ${id}, ${list((column) => `arg_max(${column}, seq) as ${column}`)} from (${staged}) group by ${id};
    create or replace temp table in_changed as
      select n.${id}, ${list((column) => `coalesce(n.${column}, t.${column}) as ${column}`)}, t.${id} is null as is_new
      from in_fresh n left join ${table} t using (${id})
      where t.${id} is null
        or ${columns.map((column) => `coalesce(n.${column}, t.${column}) is distinct from t.${column}`).join(" or ")}`);
  const [counts] = await session.rows<Merged>(
    "select count(*) filter (where is_new) as added, count(*) filter (where not is_new) as updated from in_changed",
  );
  if (counts.updated > 0) {
    await session.run(`delete from ${table} t using in_changed n where n.${id} = t.${id}`);
  }
  await session.run(`insert into ${table} (${id}, ${columns.join(", ")})
    select ${id}, ${columns.join(", ")} from in_changed order by ${id}`);
  return counts;
}
