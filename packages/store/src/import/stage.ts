import type { StagingTable } from "../merge/staging.js";
import type { Session } from "../session.js";
import type { ImportKind } from "../types/import.js";
import { literal } from "../values.js";
import { type Columns, hasLines } from "./columns.js";
import { isCancelled } from "./parse.js";

/** SQL for a field of `in_rows`; NULL when the file has no column for it. */
type Value = (field: string, type?: string) => string;

export interface StageOptions {
  /** Namespace of the customer ids. */
  readonly system: string;
  readonly currency?: string;
}

/** Turns the good rows of `in_rows` into staging tables. Gives the tables, the first of them the one that the file is about. */
export async function stageRows(
  session: Session,
  kind: Exclude<ImportKind, "labels">,
  columns: Columns,
  options: StageOptions,
): Promise<readonly StagingTable[]> {
  const value: Value = (field, type = "varchar") =>
    columns[field] === undefined ? `null::${type}` : `"${field}"`;
  const who = names(value, options.system);
  const currency = `coalesce(upper(${value("currency")}), ${options.currency === undefined ? "null" : literal(options.currency)})`;
  const make = (table: StagingTable, select: string) =>
    session.run(`create or replace temp table ${table} as select ${select}`);
  const good = "from in_rows where bad is null";

  if (kind === "contacts") {
    await make(
      "in_contact",
      `line as seq, ${value("email")} as email, ${value("firstName")} as first_name, ${value("lastName")} as last_name,
        ${value("phone")} as phone, ${value("country")} as country, ${value("region")} as region, ${value("city")} as city,
        ${value("postalCode")} as postal_code, ${value("timeZone")} as time_zone, ${value("language")} as language,
        ${value("createdAt", "timestamp")} as created_at, ${value("modifiedAt", "timestamp")} as modified_at ${good}`,
    );
    await nameRecords(session, `select line as seq, ${who.both} ${good}`);
    return ["in_name", "in_contact"];
  }
  const both = columns.customer !== undefined && columns.email !== undefined;
  const people: StagingTable[] = both ? ["in_name", "in_contact"] : ["in_name"];
  if (both) await linkNames(session, who.both, good);
  else await nameRecords(session, `select null::bigint as seq, ${who.both} ${good} and false`);

  switch (kind) {
    case "orders": {
      if (hasLines(columns)) await fillFromFirst(session, columns);
      const cancelled = await cancelledOrders(session, columns);
      const signed = (amount: string) =>
        cancelled === "false"
          ? amount
          : `case when ${cancelled} then -abs(${amount}) else ${amount} end`;
      if (hasLines(columns)) {
        await make(
          "in_order_line",
          `line as seq, "order" as order_id, ${value("lineId")} as line, ${who.one}, "date" as occurred_at, item as item_id,
            ${signed("quantity")} as quantity, price as unit_price, ${currency} as currency ${good}`,
        );
        return ["in_order_line", ...people];
      }
      await make(
        "in_order",
        `line as seq, ${columns.order === undefined ? orderNumber(value) : '"order"'} as order_id, ${who.one},
          "date" as occurred_at, ${signed("total")} as total, ${currency} as currency ${good}`,
      );
      return ["in_order", ...people];
    }
    case "engagements":
      await make(
        "in_engagement",
        `line as seq, ${value("id")} as id, ${who.one}, type, "date" as occurred_at, ${value("campaign")} as campaign_id,
          ${value("item")} as item_id, ${value("machine", "boolean")} as machine ${good}`,
      );
      return ["in_engagement", ...people];
    case "consents":
      await make(
        "in_consent",
        `line as seq, ${who.one}, purpose, status, "date" as occurred_at ${good}`,
      );
      return ["in_consent", ...people];
    case "contracts":
      await make(
        "in_contract",
        `line as seq, ${columns.contract === undefined ? contractNumber(value) : "contract"} as contract_id, ${who.one},
          start as start_at, ${value("renewedAt", "timestamp")} as renewed_at, ${value("end", "timestamp")} as end_at,
          ${value("cancelledAt", "timestamp")} as cancelled_at, ${value("plan")} as plan, ${value("price", "decimal(18,4)")} as price,
          ${currency} as currency ${good}`,
      );
      return ["in_contract", ...people];
    case "messages":
      await make(
        "in_message",
        `line as seq, ${columns.id === undefined ? messageNumber(value) : "id"} as message_id, ${who.one}, "date" as occurred_at,
          ${value("channel")} as channel, text ${good}`,
      );
      return ["in_message", ...people];
    case "items":
      await make(
        "in_item",
        `line as seq, item as item_id, ${value("name")} as name, ${value("category")} as category,
          ${value("price", "decimal(18,4)")} as price, ${currency} as currency, ${value("kind")} as kind,
          coalesce(${value("available")} = 'yes', ${value("stock", "double")} > 0) as available, ${value("region")} as region,
          ${value("margin", "decimal(18,4)")} as margin, ${value("cost", "decimal(18,4)")} as cost,
          ${value("brand")} as brand ${good}`,
      );
      return ["in_item"];
    case "campaigns":
      await make(
        "in_campaign",
        `line as seq, campaign as campaign_id, coalesce(${value("channel")}, ${columns.subject === undefined ? "'other'" : "'email'"}) as channel,
          ${value("name")} as name, ${value("subject")} as subject, ${value("preview")} as preview, ${value("body")} as body,
          ${value("mediaType")} as media_type, ${value("color")} as color, ${value("form")} as form, ${value("offer")} as offer,
          ${value("sentAt", "timestamp")} as sent_at, ${value("kind")} as kind ${good}`,
      );
      return ["in_campaign"];
  }
}

/** SQL for who a row is about: `one` name, the customer number before the address, or `both`. A number with an @ is an address. */
function names(value: Value, system: string): { readonly one: string; readonly both: string } {
  const customer = `case when not contains(${value("customer")}, '@') then ${value("customer")} end`;
  const email = `coalesce(${value("email")}, case when contains(${value("customer")}, '@') then lower(${value("customer")}) end)`;
  return {
    one: `case when ${customer} is not null then ${literal(system)} when ${email} is not null then 'email' end as who_system,
      coalesce(${customer}, ${email}) as who_id`,
    both: `${literal(system)} as system, ${customer} as customer, ${email} as email`,
  };
}

/** `in_name` from rows of (seq, system, customer, email). */
async function nameRecords(session: Session, rows: string): Promise<void> {
  await session.run(`create or replace temp table in_name as
    with named as (${rows})
    select seq, system, customer as external_id, null::varchar as state, null::timestamp as modified_at
      from named where customer is not null
    union all select seq, 'email', email, null, null from named where email is not null`);
}

/** A customer number and an address in one row are two names of one person. */
async function linkNames(session: Session, both: string, good: string): Promise<void> {
  await session.run(`create or replace temp table in_pair as
    select row_number() over () as seq, system, customer, email from (
      select system, customer, email, min(line) as first from (select line, ${both} ${good})
      where customer is not null and email is not null group by system, customer, email order by first)`);
  await nameRecords(session, "from in_pair");
  await session.run(`create or replace temp table in_contact as
    select seq, email, ${[
      "first_name",
      "last_name",
      "phone",
      "country",
      "region",
      "city",
      "postal_code",
      "time_zone",
      "language",
    ]
      .map((column) => `null::varchar as ${column}`)
      .join(", ")}, null::timestamp as created_at, null::timestamp as modified_at from in_pair`);
}

/** Exports with "Lineitem" columns tell of an order only in the row of its first line. */
async function fillFromFirst(session: Session, columns: Columns): Promise<void> {
  if (!/^lineitem/i.test(columns.item)) return;
  const told = ["customer", "email", "currency", "cancelled"].filter(
    (field) => columns[field] !== undefined,
  );
  if (told.length === 0) return;
  await session.run(`
    update in_rows r set ${told.map((field) => `"${field}" = coalesce(r."${field}", f."${field}")`).join(", ")}
    from (
      select "order", ${told.map((field) => `arg_min("${field}", line) as "${field}"`).join(", ")}
      from in_rows where bad is null group by "order"
    ) f where f."order" = r."order"`);
}

/** SQL for whether the row's order is cancelled: by its own column, or by a number such as C536379 among plain ones. */
async function cancelledOrders(session: Session, columns: Columns): Promise<string> {
  const marked =
    columns.cancelled === undefined ? "false" : isCancelled("cancelled", columns.cancelled);
  if (columns.order === undefined) return marked;
  const numbered = `regexp_full_match("order", '[Cc][0-9]+')`;
  const [{ both }] = await session.rows<{ both: boolean }>(
    `select coalesce(bool_or(${numbered}) and bool_or(regexp_full_match("order", '[0-9]+')), false) as both from in_rows`,
  );
  if (!both) return marked;
  return marked === "false"
    ? `coalesce(${numbered}, false)`
    : `(${marked} or coalesce(${numbered}, false))`;
}

/** SQL: a number for contracts that have none: a customer has one that began at an instant. */
const contractNumber = (value: Value): string =>
  `printf('~%x', md5_number_lower(concat_ws(chr(31), coalesce(${value("customer")}, ${value("email")}), start)))`;

/** SQL: an id for messages that have none: a text that somebody wrote at an instant is one message. */
const messageNumber = (value: Value): string =>
  `printf('~%x', md5_number_lower(concat_ws(chr(31), coalesce(${value("customer")}, ${value("email")}), "date", coalesce(${value("channel")}, ''), text)))`;

/** SQL: a number for orders that have none, from what they say; equal ones are counted. */
const orderNumber = (value: Value): string => {
  const content = `md5_number_lower(concat_ws(chr(31), coalesce(${value("customer")}, ${value("email")}, ''), "date", total))`;
  return `printf('~%x-%d', ${content}, row_number() over (partition by ${content} order by line))`;
};
