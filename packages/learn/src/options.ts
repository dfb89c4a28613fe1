import { LearnError } from "./error.js";

/** What a numeric option may be. Tests read their bad values from the same table. */
export interface Constraint {
  readonly min?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
  readonly max?: number;
  readonly integer?: boolean;
}
export type Constraints = Readonly<Record<string, Constraint>>;

/** @throws LearnError "input", one message shape for all: `kmeans: "clusters" must be an integer ≥ 1, got 0.` */
export function checkOptions(who: string, options: object, constraints: Constraints): void {
  for (const [name, constraint] of Object.entries(constraints)) {
    const value: unknown = (options as Record<string, unknown>)[name];
    if (typeof value === "number" && fits(value, constraint)) continue;
    throw new LearnError(
      "input",
      `${who}: "${name}" must be ${describe(constraint)}, got ${String(value)}.`,
    );
  }
}

function fits(value: number, { min, above, max, integer }: Constraint): boolean {
  return (
    Number.isFinite(value) &&
    (!integer || Number.isSafeInteger(value)) &&
    value >= (min ?? -Infinity) &&
    value > (above ?? -Infinity) &&
    value <= (max ?? Infinity)
  );
}

function describe({ min, above, max, integer }: Constraint): string {
  const bounds = [
    min === undefined ? "" : ` ≥ ${min}`,
    above === undefined ? "" : ` > ${above}`,
    max === undefined ? "" : ` ≤ ${max}`,
  ].filter((bound) => bound !== "");
  return `${integer ? "an integer" : "a number"}${bounds.join(" and")}`;
}
