import { objects } from "@inchworm/kit";
import type { CallContext } from "@inchworm/spec";
import type { Connection } from "./connection.js";

/** Where a list stands: entries to skip, and how many it had in all when it was last looked at. */
export interface Place {
  readonly offset: number;
  readonly total?: number;
}

export interface ListPage {
  readonly entries: readonly Record<string, unknown>[];
  /** Where to go on, `undefined` behind the last page. */
  readonly next: Place | undefined;
  readonly total: number | undefined;
}

/**
 * One page of a list that has no cursor, only an offset. Entries that leave a list while it is read move those behind them forward,
 * past the offset: where the total has shrunk, the next page begins as many entries earlier, and repeats some rather than lose one.
 */
export async function readPage(
  call: Connection,
  context: CallContext,
  pageSize: number,
  list: {
    readonly path: string;
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    /** The name that the entries stand under. */
    readonly key: string;
    readonly fields: readonly string[];
    readonly expect?: readonly number[];
  },
  place: Place,
): Promise<ListPage> {
  const { path, params = {}, query = {}, key, fields, expect } = list;
  const { body } = await call(context, {
    method: "GET",
    path,
    params,
    ...(expect === undefined ? {} : { expect }),
    query: {
      ...query,
      count: String(pageSize),
      offset: String(place.offset),
      fields: [...fields.map((field) => `${key}.${field}`), "total_items"].join(","),
    },
  });
  const entries = objects(body, key);
  const total = typeof body.total_items === "number" ? body.total_items : undefined;
  return { entries, total, next: nextPlace(place, entries.length, total, pageSize) };
}

function nextPlace(
  place: Place,
  count: number,
  total: number | undefined,
  pageSize: number,
): Place | undefined {
  const left = Math.max(0, (place.total ?? 0) - (total ?? place.total ?? 0));
  const told = total === undefined ? {} : { total };
  if (left > 0 && place.offset > 0) return { offset: Math.max(0, place.offset - left), ...told };
  const offset = place.offset + count;
  const more = total === undefined ? count === pageSize : offset < total;
  return count > 0 && more ? { offset, ...told } : undefined;
}

/** ISO 8601 in whole seconds: with a fraction, Mailchimp was seen to leave the condition out. */
export function timeText(time: number): string {
  return `${new Date(Math.floor(time / 1_000) * 1_000).toISOString().slice(0, 19)}+00:00`;
}
