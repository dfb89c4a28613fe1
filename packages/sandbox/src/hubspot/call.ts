import type { Request } from "../stand-in/server.js";
import type { Portal } from "./portal.js";
import { invalid } from "./refusal.js";

/** A request on its way to a route. */
export interface Call extends Request {
  readonly portal: Portal;
  /** What stood in the route's braces. */
  readonly params: Readonly<Record<string, string>>;
}

/** The body as a JSON object. @throws Refusal 400 */
export function jsonObject(call: Call): Record<string, unknown> {
  const value = call.json();
  if (value === undefined) throw invalid("Invalid input JSON: the body cannot be parsed");
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("Invalid input JSON: the body is not an object");
  }
  return value as Record<string, unknown>;
}

/** A list of text that may be absent. @throws Refusal 400 */
export function textList(value: unknown, name: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw invalid(`Invalid input JSON: ${name} is not a list of text`);
}

/** A whole number of the query within bounds. @throws Refusal 400 */
export function wholeNumber(text: string, name: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw invalid(`${name} must be a whole number from ${least} to ${most}`, { [name]: [text] });
}

/** @throws Refusal 400 */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? "false";
  if (text === "true" || text === "false") return text === "true";
  throw invalid(`${name} must be true or false`, { [name]: [text] });
}

/** Repeated or with commas: the API takes both. */
export function queryList(query: URLSearchParams, name: string): string[] | undefined {
  if (!query.has(name)) return undefined;
  return query
    .getAll(name)
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");
}
