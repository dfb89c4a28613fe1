import { meta } from "../meta.js";
import type { Session } from "../session.js";
import { referring, type StagingTable } from "./staging.js";

/** SQL: the salted digest under which a name is remembered once its person is gone. */
const digest = (salt: string, system: string, id: string): string =>
  `sha256('${salt}' || chr(31) || ${system} || chr(31) || ${id})`;

/** Keeps the digests of a person's names, so that the person does not come back with the next page. */
export async function rememberForgotten(session: Session, contact: number): Promise<void> {
  const salt = await meta(session, "salt");
  await session.run(
    `insert into forgotten select ${digest(salt, "system", "external_id")}, now()::timestamp
      from identities where contact_id = ?`,
    [contact],
  );
}

/** SQL: the rows of a table of names (system, external_id) that are of people who asked to be forgotten. */
export async function forgottenNames(session: Session, table: string): Promise<string> {
  const salt = await meta(session, "salt");
  return `from ${table} where ${digest(salt, "system", "external_id")} in (select digest from forgotten)`;
}

/**
 * Takes people who asked to be forgotten out of the staged batch. A record is theirs when any of its names is; its other names
 * are remembered too.
 *
 * @returns how many staged rows went, by table; of `in_name` records are counted
 */
export async function dropForgotten(
  session: Session,
  staged: ReadonlySet<StagingTable>,
): Promise<ReadonlyMap<StagingTable, number>> {
  const [{ any }] = await session.rows<{ any: boolean }>(
    "select count(*) > 0 as any from forgotten",
  );
  const dropped = new Map<StagingTable, number>();
  if (!any) return dropped;
  const salt = await meta(session, "salt");
  const known = (system: string, id: string) =>
    `${digest(salt, system, id)} in (select digest from forgotten)`;
  if (staged.has("in_name")) {
    await session.run(`create or replace temp table in_dropped as
      select distinct seq from in_name where ${known("system", "external_id")}`);
    const [{ records }] = await session.rows<{ records: number }>(
      "select count(*) as records from in_dropped",
    );
    if (records > 0) {
      await session.run(`insert into forgotten
        select distinct ${digest(salt, "system", "external_id")} as digest, now()::timestamp from in_name
        where seq in (from in_dropped) and not (${known("system", "external_id")})`);
      for (const table of ["in_contact", "in_name"] as const) {
        if (!staged.has(table)) continue;
        await session.run(`delete from ${table} where seq in (from in_dropped)`);
      }
      dropped.set("in_name", records);
    }
  }
  for (const table of referring) {
    if (!staged.has(table)) continue;
    dropped.set(
      table,
      await session.run(
        `delete from ${table} where who_id is not null and ${known("who_system", "who_id")}`,
      ),
    );
  }
  return dropped;
}
