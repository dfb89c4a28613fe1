import { randomBytes } from "node:crypto";
import { engagementTypes, InchwormError } from "@inchworm/spec";
import type { Database } from "./database.js";
import { setMeta } from "./meta.js";
import { schemaVersion, tables } from "./schema.js";

/**
 * Makes the tables of a new file; leaves those of a store as they are.
 *
 * @throws InchwormError "input" when the file was written by a newer Inchworm, or is a DuckDB database of something else
 */
export async function prepareStore(database: Database): Promise<void> {
  const present = await database.rows<{ name: string }>(
    "select table_name as name from duckdb_tables() where schema_name = 'main' and not internal and not temporary",
  );
  if (present.length === 0) return create(database);
  if (!present.some(({ name }) => name === "meta")) {
    throw new InchwormError("input", `${database.path} is a DuckDB database, but not a store.`, {
      hint: "Name a new file: Inchworm does not write into other databases.",
    });
  }
  const [row] = await database.rows<{ value: string }>(
    "select value from meta where key = 'schema'",
  );
  const version = Number(row?.value);
  if (version === schemaVersion) return;
  throw new InchwormError(
    "input",
    `${database.path} has schema ${row?.value}; this Inchworm knows ${schemaVersion}.`,
    { hint: "Install the version of Inchworm that wrote it, or start a new store." },
  );
}

const create = (database: Database): Promise<void> =>
  database.transaction(async (session) => {
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
  });
