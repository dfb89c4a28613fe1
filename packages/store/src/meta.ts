import type { Session } from "./session.js";

/** A value that the store keeps about itself; empty when it has none. */
export async function meta(session: Session, key: string): Promise<string> {
  const [row] = await session.rows<{ value: string } | undefined>(
    "select value from meta where key = ?",
    [key],
  );
  return row?.value ?? "";
}

export async function setMeta(
  session: Session,
  key: string,
  value: string | number,
): Promise<void> {
  const changed = await session.run("update meta set value = ? where key = ?", [
    String(value),
    key,
  ]);
  if (changed === 0) await session.run("insert into meta values (?, ?)", [key, String(value)]);
}

/**
 * Revisions are counters that a plan remembers: it is stale once one has moved on. `people` counts changes of contacts,
 * identities and consents; `scores` those of scores. Bump in the transaction that changes them, and only when it did.
 */
export type Revision = "people" | "scores";

export async function bump(session: Session, revision: Revision): Promise<void> {
  await session.run("update meta set value = (value::bigint + 1)::varchar where key = ?", [
    revision,
  ]);
}
