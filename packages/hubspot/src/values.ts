import type { Instant } from "@inchworm/spec";

/** What a value says, as text without the space around it. */
export function words(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** ISO 8601 or epoch milliseconds, as both occur; anything else is not known. Without a zone it is UTC. */
export function instant(value: unknown): Instant | undefined {
  const text = words(value);
  if (text === undefined) return undefined;
  if (/^-?\d{9,}$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const zoned = text.length === 10 || /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? undefined : at;
}

export function amount(value: unknown): number | undefined {
  const text = words(value);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

export const propertiesOf = (
  entry: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => (entry.properties ?? {}) as Record<string, unknown>;
