import { type Histogram, histogram, populationStability, recount } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import type { Look } from "./look.js";

/** What features and scores looked like at training. Plain JSON. */
export interface Reference {
  readonly version: 1;
  readonly asOf: Instant;
  readonly rows: number;
  readonly score?: Seen;
  /** The largest effect by which people of those days could be told from those of the training, taken all together. */
  readonly joint?: number;
  readonly features: readonly ({ readonly name: string } & Seen)[];
}

interface Seen {
  readonly histogram: Histogram;
  /** The largest effect between the day of the training and the days before it that were looked at. */
  readonly restless: number;
}

/** Fewer people than this show no distribution. */
const leastRows = 100;

/** Histograms of the first look, and how far the others, of days before, were from it; nothing of too few people. */
export function referenceOf(
  [latest, ...before]: readonly Look[],
  joint?: number,
): Reference | undefined {
  if (latest.rows < leastRows) return undefined;
  const earlier = before.filter(({ rows }) => rows >= leastRows);
  const seen = (of: (look: Look) => Float64Array | Float32Array | undefined): Seen | undefined => {
    const values = of(latest);
    if (!values) return undefined;
    const own = histogram(values);
    let restless = 0;
    for (const look of earlier) {
      const { effect } = populationStability(own, recount(own, of(look) ?? []));
      restless = Math.max(restless, effect);
    }
    return { histogram: own, restless };
  };
  const score = seen((look) => look.scores);
  const features = [...latest.features.keys()].flatMap((name) => {
    const found = seen((look) => look.features.get(name));
    return found ? [{ name, ...found }] : [];
  });
  return {
    version: 1,
    asOf: latest.asOf,
    rows: latest.rows,
    ...(score && { score }),
    ...(joint !== undefined && { joint }),
    features,
  };
}

/** What a store gives back, or nothing when it is not a reference of this version. */
export function readReference(stored: unknown): Reference | undefined {
  const reference = stored as Reference | undefined;
  return reference?.version === 1 ? reference : undefined;
}
