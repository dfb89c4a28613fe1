import type { Session } from "./session.js";

/** Columns that say something about a person, in tables that `forget` clears. */
const telling: Readonly<Record<string, readonly string[]>> = {
  contacts: [
    "email",
    "first_name",
    "last_name",
    "phone",
    "country",
    "region",
    "city",
    "postal_code",
    "time_zone",
    "language",
  ],
  identities: ["external_id"],
  messages: ["text"],
  contracts: ["contract_id", "plan"],
  scores: ["fields", "reasons"],
  outbox: ["record_id", "fields"],
  ledger: ["record_id", "fields"],
  dead_letters: ["record_id"],
};

/** Deleting leaves the values in the file; overwritten ones are gone from their blocks with the next checkpoint. */
export async function blankTelling(session: Session, contact: number): Promise<void> {
  for (const [table, columns] of Object.entries(telling)) {
    const blank = columns.map(
      (column) => `${column} = '${column === "fields" ? "{}" : column === "reasons" ? "[]" : ""}'`,
    );
    await session.run(`update ${table} set ${blank.join(", ")} where contact_id = ?`, [contact]);
  }
}

/**
 * Writes the tables' present state to the file and overwrites the blocks that this frees, so that no removed value can be read
 * from it. While someone reads from an older state the engine refuses; the blocks are then reused as later writes need them.
 */
export async function scrubFreed(session: Session): Promise<void> {
  try {
    await session.run("checkpoint");
    const [size] = await session.rows<{ free_blocks: number; block_size: number }>(
      "pragma database_size",
    );
    const rows = Math.ceil(((size.free_blocks + 4) * size.block_size) / (fillers.length * 8));
    const columns = fillers.map((salt) => `hash(range + ${salt}) as f${salt}`).join(", ");
    await session.run(
      `create or replace table filler as select ${columns} from range(${rows}); checkpoint`,
    );
  } catch {
    // an older state is being read
  } finally {
    await session.run("drop table if exists filler; checkpoint").catch(() => undefined);
  }
}

/** Distinct, so that the engine finds nothing to compress. */
const fillers = [1, 1_000_003, 2_000_003, 3_000_017];
