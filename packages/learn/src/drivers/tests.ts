import { withinGroups } from "./columns.js";
import type { Sendings } from "./sendings.js";
import { findingsOf, fitted, prepared, type Stratum } from "./stratum.js";
import { comparable, type Unit } from "./units.js";

/** What tests tell: their items held against one another before the same people, every test with a level of its own. */
export async function fromTests(
  sendings: Sendings,
  units: readonly Unit[],
  options: {
    readonly comparisons: number;
    readonly terms: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<(Stratum & { readonly tests: number }) | undefined> {
  const inside = comparable(units);
  const ready = prepared(sendings, inside, { ...options, compare: withinGroups(inside) });
  if (ready.blocks.length === 0) return undefined;
  const fit = await fitted(ready, [], "own-level", options.signal);
  if (!fit) return undefined;
  const tests = new Set(inside.map(({ group }) => group)).size;
  return { findings: findingsOf(ready, fit, 0), fit, tests };
}
