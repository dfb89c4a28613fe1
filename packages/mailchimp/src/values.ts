import { createHash } from "node:crypto";
import type { Instant } from "@inchworm/spec";

/** Text that is not empty, from a text or a number. */
export function words(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** A finite number, from a number or a text. */
export function amount(value: unknown): number | undefined {
  const number =
    typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value ?? Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}

/** ISO 8601; without a zone it is UTC. */
export function instant(value: unknown): Instant | undefined {
  const text = words(value);
  if (text === undefined || !/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const zoned = text.length === 10 || /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? undefined : at;
}

const zones = new Map<string, string | undefined>();

/** An IANA name, where it is one. */
export function timeZone(value: unknown): string | undefined {
  const name = words(value);
  if (name === undefined) return undefined;
  if (!zones.has(name)) {
    let zone: string | undefined;
    try {
      zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      zone = undefined;
    }
    zones.set(name, zone);
  }
  return zones.get(name);
}

/** A BCP 47 tag; Mailchimp writes "pt_PT". */
export function language(value: unknown): string | undefined {
  try {
    return Intl.getCanonicalLocales(words(value)?.replaceAll("_", "-") ?? [])[0];
  } catch {
    return undefined;
  }
}

/** The name by which reports and orders know a member: MD5 of the lower-case address. */
export function hashOf(email: string): string {
  return createHash("md5").update(email.trim().toLowerCase()).digest("hex");
}

/** Leaves out what is not known. */
export function known<T extends object>(record: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
