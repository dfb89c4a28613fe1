import type { Instant } from "@inchworm/spec";

/** A record as a query gave it: over REST nested values with types, from a bulk job's file flat texts. */
export interface Row {
  /** A text by its path, such as "Individual.Id"; `undefined` where it is empty. */
  text(path: string): string | undefined;
  number(path: string): number | undefined;
  /** `undefined` where the field was not asked for or is empty. */
  flag(path: string): boolean | undefined;
  instant(path: string): Instant | undefined;
  /** The first of a child query's records. */
  child(name: string): Row | undefined;
}

export function jsonRow(record: Readonly<Record<string, unknown>>): Row {
  return row((path) => {
    let at: unknown = record;
    for (const step of path.split(".")) {
      if (typeof at !== "object" || at === null) return undefined;
      at = (at as Record<string, unknown>)[step];
    }
    return at;
  });
}

export function csvRow(places: ReadonlyMap<string, number>, cells: readonly string[]): Row {
  return row((path) => cells[places.get(path) ?? -1]);
}

function row(value: (path: string) => unknown): Row {
  const text = (path: string): string | undefined => {
    const found = value(path);
    if (typeof found === "number" || typeof found === "boolean") return String(found);
    const trimmed = typeof found === "string" ? found.trim() : "";
    return trimmed === "" ? undefined : trimmed;
  };
  return {
    text,
    number(path) {
      const number = Number(text(path) ?? Number.NaN);
      return Number.isFinite(number) ? number : undefined;
    },
    flag(path) {
      const found = text(path);
      return found === undefined ? undefined : found.toLowerCase() === "true";
    },
    instant: (path) => instant(text(path)),
    child(name) {
      const { records } = (value(name) ?? {}) as { records?: unknown };
      const first: unknown = Array.isArray(records) ? records[0] : undefined;
      return typeof first === "object" && first !== null
        ? jsonRow(first as Record<string, unknown>)
        : undefined;
    },
  };
}

/** "2026-05-01T12:00:00.000+0000", "2026-05-01T12:00:00.000Z" or a day, which is its first instant in UTC. */
export function instant(text: string | undefined): Instant | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(at) ? undefined : at;
}
