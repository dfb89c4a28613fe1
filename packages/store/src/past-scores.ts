import type { Database } from "./database.js";
import { duckdb } from "./dialect.js";
import { columnsOf } from "./features/gather.js";
import { profilingDenied } from "./features/population.js";
import { instant, render, sql, value } from "./sql.js";
import type { PastScores } from "./types/scores.js";

const day = 86_400_000;
/** Days between two days whose scores are kept, and how long the oldest are kept. */
const keep = { every: 7, days: 400 };

/** See `Store.keepScores`. */
export async function keepScores(database: Database, scores: PastScores): Promise<void> {
  const { scorer, modelId, asOf, until, contacts, values } = scores;
  const at = (instant: number) => new Date(instant);
  await database.transaction(async (session) => {
    await session.run("delete from past_scores where scorer = ? and (as_of = ? or as_of < ?)", [
      scorer,
      at(asOf),
      at(asOf - keep.days * day),
    ]);
    const [near] = await session.rows(
      "select 1 from past_scores where scorer = ? and as_of > ? and as_of < ? limit 1",
      [scorer, at(asOf - keep.every * day), at(asOf + keep.every * day)],
    );
    if (near !== undefined) return;
    // of those that can be judged by now the latest is enough
    await session.run(
      `delete from past_scores where scorer = $1 and until <= $2 and as_of < (
        select max(as_of) from past_scores where scorer = $1 and until <= $2)`,
      [scorer, at(asOf)],
    );
    await session.run("create or replace temp table in_past (contact_id integer, value double)");
    await session.append("in_past", { contact_id: contacts, value: values });
    await session.run(
      `insert into past_scores (scorer, model_id, as_of, until, contact_id, value)
      select ?, ?, ?, ?, contact_id, value from in_past order by contact_id`,
      [scorer, modelId, at(asOf), at(until)],
    );
    await session.run("drop table in_past");
  });
}

/** See `Store.pastScores`. */
export async function pastScores(
  database: Database,
  scorer: string,
  by: number,
): Promise<PastScores | undefined> {
  const snapshot = await database.snapshot();
  try {
    const [found] = await snapshot.rows<{ modelId: string; asOf: number; until: number }>(
      `select model_id as "modelId", as_of as "asOf", until from past_scores where scorer = ? and until <= ?
      order by as_of desc limit 1`,
      [scorer, new Date(by)],
    );
    if (found === undefined) return undefined;
    const { text, params } = render(
      sql`select contact_id, value from past_scores
        where scorer = ${value(scorer)} and as_of = ${instant(found.asOf)} and contact_id not in ${profilingDenied}
        order by contact_id`,
      duckdb,
    );
    const [contacts, values] = await columnsOf(snapshot.stream(text, params), [
      Int32Array,
      Float64Array,
    ]);
    return { scorer, ...found, contacts, values };
  } finally {
    await snapshot.end();
  }
}
