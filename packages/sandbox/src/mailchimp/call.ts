import { createHash } from "node:crypto";
import type { Request } from "../stand-in/server.js";
import type { Account } from "./account.js";
import { invalid, Problem } from "./problem.js";

/** A request, or an operation of a batch, on its way to a route. */
export interface Call extends Request {
  readonly account: Account;
  /** What stood in the route's braces. */
  readonly params: Readonly<Record<string, string>>;
}

/** The body as a JSON object. @throws Problem 400 */
export function jsonObject(call: Call): Record<string, unknown> {
  const value = call.json();
  if (value === undefined) {
    throw new Problem(400, "JSON Parse Error", "We encountered an unspecified JSON parsing error.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("", "Schema describes object, array found instead");
  }
  return value as Record<string, unknown>;
}

const largest = 1_000;

/** One page of a collection and how many there are in all. @throws Problem 400 */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
): { readonly page: readonly T[]; readonly total_items: number } {
  const count = wholeNumber(query, "count", 10);
  const offset = wholeNumber(query, "offset", 0);
  if (count > largest) {
    throw invalid("count", `This value should be less than or equal to ${largest}.`);
  }
  return { page: items.slice(offset, offset + count), total_items: items.length };
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null || text === "") return fallback;
  if (!/^\d{1,9}$/.test(text))
    throw invalid(name, "Schema describes integer, string found instead");
  return Number(text);
}

/** A value of the query that must be one of a list, if it is there. @throws Problem 400 */
export function oneOf<T extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (choices.includes(value as T)) return value as T;
  throw invalid(name, "Value must be found in enumeration.");
}

/**
 * An instant of the query, milliseconds. With a fraction of a second it is not understood and so left out, as was reported:
 * https://github.com/brandonseydel/MailChimp.Net/issues/525
 */
export function instantOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "" || /\.\d/.test(text)) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(name, "The date is not valid ISO 8601.");
  return time;
}

/** ISO 8601 with whole seconds and an offset, as the API writes it. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}+00:00`;
}

export function hashOf(email: string): string {
  return createHash("md5").update(email.toLowerCase()).digest("hex");
}
