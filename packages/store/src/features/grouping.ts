import type { Session } from "../session.js";

/** Bytes that all threads together may use for arrays. */
const budget = 256 * 1024 ** 2;
/** What a few aggregates of one contact take. */
const bytesPerContact = 64;
/** Aggregates beyond which an array costs more than it saves. */
const few = 4;
/** DuckDB's own setting. */
const usual = 12;

/**
 * DuckDB groups integers of a narrow range through an array instead of a hash table, in half the time, when told that the range
 * may have so many bits. Gives the statement to run before a query that groups by contact, by its number of aggregates.
 */
export async function grouping(session: Session): Promise<(aggregates: number) => string> {
  const [{ threads }] = await session.rows<{ threads: number }>(
    "select current_setting('threads')::integer as threads",
  );
  const bits = Math.max(usual, Math.floor(Math.log2(budget / bytesPerContact / threads)));
  return (aggregates) => `set perfect_ht_threshold = ${aggregates <= few ? bits : usual}`;
}
