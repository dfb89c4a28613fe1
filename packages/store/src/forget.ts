import { InchwormError } from "@inchworm/spec";
import type { Database } from "./database.js";
import { rememberForgotten } from "./merge/forgotten.js";
import { bump } from "./meta.js";
import { blankTelling, scrubFreed } from "./scrub.js";
import type { ForgetResult } from "./types/people.js";

/** Everywhere that a person stands. Of `model_members` the bare number stays: it says how many of those seen are gone. */
const tables = [
  "messages",
  "engagements",
  "contracts",
  "order_lines",
  "orders",
  "consents",
  "labels",
  "scores",
  "past_scores",
  "planned_sends",
  "holdout_arms",
  "holdout_conflicts",
  "decisions",
  "outbox",
  "ledger",
  "dead_letters",
  "identities",
  "contacts",
] as const;

/**
 * Removes a person, from the file's freed space too, and keeps salted digests of the names so that the person is dropped when a source gives them again.
 *
 * @throws InchwormError "not-found" when there is no such contact
 */
export async function forget(database: Database, contact: number): Promise<ForgetResult> {
  const result = await database.transaction(async (session) => {
    const [known] = await session.rows("select 1 from identities where contact_id = ?", [contact]);
    if (known === undefined) {
      throw new InchwormError("not-found", `There is no contact ${contact}.`);
    }
    await rememberForgotten(session, contact);
    await blankTelling(session, contact);
    const removed: Record<string, number> = {};
    for (const table of tables) {
      removed[table] = await session.run(`delete from ${table} where contact_id = ?`, [contact]);
    }
    const models = await session.rows<{ id: string; scorer: string }>(
      `select m.model_id as id, m.scorer from models m join model_members s using (model_id)
        where s.contact_id = ? order by m.trained_at, m.model_id`,
      [contact],
    );
    await bump(session, "people");
    await bump(session, "scores");
    return { removed, models };
  });
  await scrubFreed(database);
  return result;
}
