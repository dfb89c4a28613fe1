import { randomBytes } from "node:crypto";
import { engagementTypes, InchwormError } from "@inchworm/spec";
import type { Database } from "./database.js";
import { meta, setMeta } from "./meta.js";
import { schemaVersion, tables, upgrades } from "./schema.js";
import type { Session } from "./session.js";

/**
 * Makes the tables of a new file; leaves those of a store as they are, but for what later versions added to them.
 *
 * @throws InchwormError "input" when the file was written by a newer Inchworm, or is a DuckDB database of something else
 */
export async function prepareStore(database: Database): Promise<void> {
  if ((await standing(database)).length === 0) {
    // two openings of a new file may come here at once
    await database.transaction(async (session) => {
      if ((await standing(session)).length === 0) await create(session);
    });
  }
  if (!(await standing(database)).includes("meta")) {
    throw new InchwormError("input", `${database.path} is a DuckDB database, but not a store.`, {
      hint: "Name a new file: Inchworm does not write into other databases.",
    });
  }
  const version = await meta(database, "schema");
  if (Number(version) === schemaVersion) return;
  if (upgrades[Number(version)] !== undefined) return upgrade(database);
  throw new InchwormError(
    "input",
    `${database.path} has schema ${version}; this Inchworm knows ${schemaVersion}.`,
    { hint: "Install the version of Inchworm that wrote it, or start a new store." },
  );
}

/** The names of the tables that are there. */
async function standing(session: Session): Promise<readonly string[]> {
  const found = await session.rows<{ name: string }>(
    "select table_name as name from duckdb_tables() where schema_name = 'main' and not internal and not temporary",
  );
  return found.map(({ name }) => name);
}

async function create(session: Session): Promise<void> {
  const types = engagementTypes.map((type) => `'${type}'`).join(", ");
  await session.run(`create type engagement_type as enum (${types})`);
  for (const [name, columns] of Object.entries(tables)) {
    await session.run(`create table ${name} (${columns})`);
  }
  await setMeta(session, "schema", schemaVersion);
  await setMeta(session, "salt", randomBytes(16).toString("hex"));
  await setMeta(session, "next_contact", 1);
  await setMeta(session, "people", 0);
  await setMeta(session, "scores", 0);
}

/** Goes from version to version in one transaction. */
async function upgrade(database: Database): Promise<void> {
  await database.transaction(async (session) => {
    // two openings may come here at once
    let version = Number(await meta(session, "schema"));
    for (; upgrades[version] !== undefined; version++) await session.run(upgrades[version]);
    await setMeta(session, "schema", version);
  });
}
