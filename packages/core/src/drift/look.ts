import type { Instant } from "@inchworm/spec";
import type { FeatureTable } from "@inchworm/store";
import { numbersOf } from "../backtest/backtest.js";
import { uniform } from "../dataset.js";
import type { Answers, History, Scorer } from "../scorer.js";

/** The features and scores of some of those who were scored on a day. */
export interface Look {
  readonly asOf: Instant;
  readonly rows: number;
  /** Who each row is of. */
  readonly contacts: Int32Array;
  readonly features: ReadonlyMap<string, Float32Array>;
  readonly scores?: Float64Array;
}

/** So many people show a distribution well enough; of more, these are looked at, the same ones every time. */
export const mostLooked = 5000;

/** A history that remembers the features it gave as of a day. */
export function watched(history: History, asOf: Instant) {
  let seen: FeatureTable | undefined;
  const watching: History = {
    ...history,
    async features(options) {
      const table = await history.features(options);
      // a scorer may ask more than once: what it learns most from counts
      if (options.asOf === asOf && table.columns.length > (seen?.columns.length ?? 0)) seen = table;
      return table;
    },
  };
  return { history: watching, seen: () => seen };
}

/** What a model looks at and says on a day. */
export async function lookOn(
  scorer: Scorer,
  artifact: unknown,
  history: History,
  asOf: Instant,
  signal?: AbortSignal,
): Promise<Look> {
  const watching = watched(history, asOf);
  const options = { asOf, ...(signal && { signal }) };
  const answers = await scorer.score(watching.history, artifact, options);
  return lookAt(scorer, asOf, watching.seen(), answers);
}

/** What a scorer looked at and said, of those to whom it gave a score. */
export function lookAt(
  scorer: Scorer,
  asOf: Instant,
  table: FeatureTable | undefined,
  answers: Answers,
): Look {
  const { contacts, abstained } = answers;
  const scored: number[] = [];
  const rowOf = table && new Map(Array.from(table.contacts, (contact, row) => [contact, row]));
  for (let row = 0; row < contacts.length; row++)
    if (abstained[row] === undefined && (!rowOf || rowOf.has(contacts[row]))) scored.push(row);
  const share = mostLooked / scored.length;
  const some = share >= 1 ? scored : scored.filter((row) => uniform(contacts[row], 0) < share);
  const features = new Map<string, Float32Array>();
  if (table && rowOf) {
    const rows = some.map((row) => rowOf.get(contacts[row]) as number);
    for (const { name, values } of table.columns)
      features.set(
        name,
        Float32Array.from(rows, (row) => values[row]),
      );
  }
  const numbers = scorer.outcome && numbersOf(scorer.outcome, answers);
  return {
    asOf,
    rows: some.length,
    contacts: Int32Array.from(some, (row) => contacts[row]),
    features,
    ...(numbers && { scores: Float64Array.from(some, (row) => numbers[row]) }),
  };
}
