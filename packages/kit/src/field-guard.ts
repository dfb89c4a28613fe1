import { InchwormError } from "@inchworm/spec";

/** The allow-list that stands right before the wire: a score writer touches its own fields and nothing else. */
export interface FieldGuard {
  /** Adds vendor names that may be written from now on. */
  allow(names: Iterable<string>): void;
  /**
   * Gives the properties back when every name is allowed.
   *
   * @throws InchwormError "internal" naming the first property that is not; nothing of the call may be sent then
   */
  pass<T extends Readonly<Record<string, unknown>>>(properties: T): T;
}

/** A guard that lets nothing through until names are allowed. */
export function fieldGuard(adapter: string): FieldGuard {
  const allowed = new Set<string>();
  return {
    allow(names) {
      for (const name of names) allowed.add(name);
    },
    pass(properties) {
      for (const name of Object.keys(properties)) {
        if (allowed.has(name)) continue;
        throw new InchwormError(
          "internal",
          `${adapter}: refused to send "${name}", which is not one of the prepared fields.`,
          { hint: "Name the field in prepare() before writing it." },
        );
      }
      return properties;
    },
  };
}
