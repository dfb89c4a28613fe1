import type { Request } from "../stand-in/server.js";
import type { FieldDefinition } from "./fields.js";
import { badRequest, codes, Refusal } from "./refusal.js";
import type { Shelf } from "./shelf.js";
import type { Unit } from "./unit.js";

/** A request on its way to a route. */
export interface Call extends Request {
  readonly unit: Unit;
  /** What stood in the route's braces. */
  readonly params: Readonly<Record<string, string>>;
  /** Such as "http://127.0.0.1:8587/api/v5". */
  readonly base: string;
}

export function header({ headers }: Pick<Request, "headers">, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The body as a JSON object. @throws Refusal 400 */
export function jsonObject(call: Pick<Call, "json">): Record<string, unknown> {
  const value = call.json();
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Refusal(400, codes.invalidJson, "Input needs to be valid JSON.");
}

/** The fields that a request asks for: it must name some, and all must be there. @throws Refusal 400 */
export function askedFields(call: Call, shelf: Pick<Shelf, "fields">): readonly FieldDefinition[] {
  const names = (call.query.get("fields") ?? "").split(",").map((name) => name.trim());
  if (names.every((name) => name === "")) throw badRequest("The fields parameter is required.");
  return names.map((name) => {
    const found = shelf.fields.get(name);
    if (!found) throw badRequest(`Invalid field in the fields parameter: ${name}`);
    return found;
  });
}

/** The id in the path. @throws Refusal 404 */
export function routeId(call: Call): number {
  return /^\d{1,15}$/.test(call.params.id) ? Number(call.params.id) : -1;
}
