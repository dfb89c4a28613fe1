import type { Request } from "../stand-in/server.js";
import type { Org } from "./org.js";
import { malformed, notFound } from "./refusal.js";
import type { ObjectDefinition } from "./schema.js";

/** A request on its way to a route. */
export interface Call extends Request {
  readonly org: Org;
  /** What stood in the route's braces. */
  readonly params: Readonly<Record<string, string>>;
  /** "/services/data/v60.0". */
  readonly base: string;
  /** "60.0". */
  readonly version: string;
  /** Every third record of a write is locked. */
  readonly locked: boolean;
}

/** The body as a JSON object. @throws Refusal 400 */
export function jsonObject(call: Call): Record<string, unknown> {
  const value = call.json();
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw malformed("The HTTP entity body is required to be a JSON object");
}

/** The object of the route. @throws Refusal 404 */
export function routeObject(call: Call): ObjectDefinition {
  const found = call.org.object(call.params.object);
  if (!found) throw notFound();
  return found;
}

export function header(call: Pick<Call, "headers">, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
