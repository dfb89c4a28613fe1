import type { Answer } from "../stand-in/answer.js";
import { type Call, header } from "./call.js";
import type { Org } from "./org.js";
import { Refusal } from "./refusal.js";
import { malformed, parseSoql } from "./soql/parse.js";
import { type Rendered, renderer } from "./soql/render.js";
import { objectOf, runQuery } from "./soql/run.js";
import type { Row } from "./table.js";

interface Cursor {
  readonly rows: readonly Row[];
  readonly render: (row: Row) => Rendered;
  readonly size: number;
}

const cursors = new WeakMap<Org, Map<string, Cursor>>();
/** The oldest of a user's open cursors is closed for the newest. */
const mostCursors = 10;

export function queryRoute(call: Call): Answer {
  const deleted = call.path.replace(/\/$/, "").endsWith("/queryAll");
  const text = call.query.get("q");
  if (!text) throw malformed("Missing query");
  const { org, base } = call;
  const query = parseSoql(text);
  const rows = runQuery(org, query, deleted);
  if (query.count)
    return { status: 200, body: { totalSize: rows.length, done: true, records: [] } };
  const render = renderer(org, objectOf(org, query.from), query, base, deleted);
  const asked = header(call, "sforce-query-options")?.match(/batchSize\s*=\s*(\d+)/)?.[1];
  const size = Math.min(org.queryRows, Math.max(200, Number(asked ?? org.queryRows)));
  const open = cursors.get(org) ?? new Map<string, Cursor>();
  cursors.set(org, open);
  const cursor = { rows, render, size: Math.min(size, org.queryRows) };
  const id = org.otherId(
    "01g",
    open.size === 0 ? 1 : Number([...open.keys()].at(-1)?.slice(7, 15)) + 1,
  );
  if (rows.length > cursor.size) {
    open.set(id, cursor);
    if (open.size > mostCursors) open.delete([...open.keys()][0]);
  }
  return pageOf(cursor, id, 0, base);
}

export function moreRoute({ org, params, base }: Call): Answer {
  const [id, start] = params.locator.split("-");
  const cursor = cursors.get(org)?.get(id);
  if (!cursor || !/^\d+$/.test(start ?? "")) {
    throw new Refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
  }
  return pageOf(cursor, id, Number(start), base);
}

function pageOf({ rows, render, size }: Cursor, id: string, start: number, base: string): Answer {
  const end = start + size;
  const done = end >= rows.length;
  return {
    status: 200,
    body: {
      totalSize: rows.length,
      done,
      ...(!done && { nextRecordsUrl: `${base}/query/${id}-${end}` }),
      records: rows.slice(start, end).map(render),
    },
  };
}
