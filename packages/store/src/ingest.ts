import type { Cursor, Page } from "@inchworm/spec";
import type { Database } from "./database.js";
import { dropForgotten } from "./merge/forgotten.js";
import { mergeStaged } from "./merge/merge.js";
import { emptyStaging, referring, type StagingTable } from "./merge/staging.js";
import { stageRecords } from "./stage.js";
import type { IngestResult } from "./types/import.js";

/** Stores a page and its cursor in one transaction. */
export function ingest(
  database: Database,
  source: { readonly name: string; readonly system: string },
  page: Page,
): Promise<IngestResult> {
  return database.transaction(async (session) => {
    const columns = stageRecords(source, page.records);
    const staged = new Set<StagingTable>(columns.keys());
    // orders and events may name people that no record does
    if (referring.some((table) => staged.has(table))) staged.add("in_name");
    await emptyStaging(session, staged);
    for (const [table, values] of columns) await session.append(table, values);
    const dropped = await dropForgotten(session, staged);
    const merged = await mergeStaged(session, staged, source, "by id");
    await session.run("delete from cursors where source = ?", [source.name]);
    await session.run("insert into cursors values (?, ?, now()::timestamp)", [
      source.name,
      JSON.stringify(page.cursor),
    ]);
    let added = 0;
    let updated = 0;
    for (const result of merged.values()) {
      added += result.added;
      updated += result.updated;
    }
    const forgotten = [...dropped.values()].reduce((sum, rows) => sum + rows, 0);
    return { added, updated, forgotten };
  });
}

/** Where a source goes on, as it was stored with its last page. */
export async function cursor(database: Database, source: string): Promise<Cursor | undefined> {
  const [row] = await database.rows<{ cursor: string }>(
    "select cursor::varchar as cursor from cursors where source = ?",
    [source],
  );
  return row && (JSON.parse(row.cursor) as Cursor);
}
