import { createHash } from "node:crypto";
import type { Field, PlanRow } from "@inchworm/spec";

/** The digest of a plan: the same rows in the same order give the same digest, in any process. */
export function planDigest(destination: string, fields: readonly Field[]) {
  const hash = createHash("sha256");
  hash.update(
    `${JSON.stringify([destination, fields.map(({ name, type, decimals = 0 }) => [name, type, decimals])])}\n`,
  );
  return {
    add(row: PlanRow): void {
      const values = Object.keys(row.values)
        .sort()
        .map((name) => [name, row.values[name]]);
      const { contact, action, recordId = null, reason = null } = row;
      hash.update(`${JSON.stringify([contact, action, recordId, values, reason])}\n`);
    },
    end: (): string => hash.digest("hex"),
  };
}

/** A short name of a plan that no earlier plan of the destination has. */
export function planName(destination: string, createdAt: number, previous: string | undefined) {
  return createHash("sha256")
    .update(JSON.stringify([destination, createdAt, previous ?? null]))
    .digest("hex")
    .slice(0, 12);
}
