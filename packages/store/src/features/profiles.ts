import { InchwormError } from "@inchworm/spec";
import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { render, type Sql, sql } from "../sql.js";
import { type ProfileColumn, type Profiles, profileColumns } from "../types/people.js";
import { columnsOf } from "./gather.js";
import { profilingDenied } from "./population.js";

const digits = sql`regexp_replace(phone, '[^0-9+]', '', 'g')`;
const columnOf: Readonly<Record<ProfileColumn, Sql>> = {
  country: sql`country`,
  region: sql`region`,
  city: sql`city`,
  postalCode: sql`postal_code`,
  timeZone: sql`time_zone`,
  language: sql`language`,
  phonePrefix: sql`case when regexp_matches(${digits}, '^(\\+|00)[1-9]') then '+' || substr(regexp_replace(${digits}, '^(\\+|00)', ''), 1, 6) end`,
};

/** See `Store.profiles`. */
export async function profiles(
  database: Database,
  columns: readonly ProfileColumn[],
): Promise<Profiles> {
  const wrong = columns.find((name) => !profileColumns.includes(name));
  if (wrong !== undefined)
    throw new InchwormError("input", `profiles: there is no column "${wrong}".`, {
      hint: `The columns are ${profileColumns.join(", ")}.`,
    });
  const snapshot = await database.snapshot();
  try {
    const everybody = render(
      sql`select contact_id from contacts where contact_id not in ${profilingDenied} order by contact_id`,
      duckdb,
    ).text;
    const [contacts] = await columnsOf(snapshot.stream(everybody), [Int32Array]);
    const read: Profiles["columns"][number][] = [];
    for (const name of columns) {
      const column = columnOf[name];
      const distinct = sql`select ${column} as level from contacts
        where ${column} is not null and contact_id not in ${profilingDenied} group by level`;
      const { text } = render(
        sql`select cast(coalesce(code, -1) as integer) as code
          from contacts left join (
            select level, row_number() over (order by level) - 1 as code from (${distinct}) levels
          ) coded on level = ${column}
          where contact_id not in ${profilingDenied} order by contact_id`,
        duckdb,
      );
      const levels = await snapshot.rows<{ level: string }>(
        render(sql`${distinct} order by level`, duckdb).text,
      );
      const [codes] = await columnsOf(snapshot.stream(text), [Int32Array]);
      read.push({ name, kind: "category", codes, levels: levels.map(({ level }) => level) });
    }
    return { rows: contacts.length, contacts, columns: read };
  } finally {
    await snapshot.end();
  }
}
