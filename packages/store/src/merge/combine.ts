import { rememberConflicts } from "../holdout/conflicts.js";
import { bump } from "../meta.js";
import type { Session } from "../session.js";
import { strictness } from "./consents.js";
import { deriveOrders } from "./orders.js";

/**
 * Turns contacts that proved to be one person into one: everything that pointed at `loser` points at `target` (the lowest of
 * their numbers) from now on. Needs `in_merged (loser, target)`. Leaves the losers' rows of `contacts` to the caller.
 */
export async function combineContacts(session: Session): Promise<void> {
  for (const table of plainly) {
    await session.run(
      `update ${table} t set contact_id = m.target from in_merged m where t.contact_id = m.loser`,
    );
  }
  await rememberConflicts(session);
  for (const [table, key, preference] of once) {
    await session.run(`
      create or replace temp table in_kept as
        select t.* replace (coalesce(m.target, t.contact_id) as contact_id)
        from ${table} t left join in_merged m on m.loser = t.contact_id
        where t.contact_id in (select loser from in_merged union select target from in_merged)
        qualify row_number() over (partition by coalesce(m.target, t.contact_id), ${key} order by ${preference}) = 1;
      delete from ${table} where contact_id in (select loser from in_merged union select target from in_merged);
      insert into ${table} from in_kept`);
  }
  await session.run(`create or replace temp table in_touched as
    select distinct source, order_id from orders where contact_id in (select target from in_merged) and derived`);
  await deriveOrders(session);
  await bump(session, "scores");
}

const plainly = [
  "identities",
  "orders",
  "order_lines",
  "engagements",
  "contracts",
  "messages",
  "outbox",
  "ledger",
  "decisions",
  "holdout_conflicts",
  "dead_letters",
] as const;

/** Tables with one row per contact and key, and which of two rows stays. */
const once = [
  // the stricter of two answers given at one instant
  ["consents", "purpose, source, occurred_at", strictness("t.status")],
  ["labels", "scorer, day", "t.contact_id"],
  ["scores", "scorer", "as_of desc, t.contact_id"],
  ["past_scores", "scorer, as_of", "t.contact_id"],
  ["model_members", "model_id", "t.contact_id"],
  ["planned_sends", "plan_id", "t.send_at"],
  ["holdout_arms", "holdout, version", "t.assigned_at, t.contact_id"],
] as const;
