import { type ExperimentOptions, type ExperimentResult, experiment } from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import type { Outcomes, Store } from "@inchworm/store";
import type { Assigned } from "./assigned.js";
import { expectedOf, leastForModel } from "./expected.js";
import type { ExperimentOutcome, ShopExperiment } from "./types.js";

const some = (values: Float64Array) => values.map((value) => (value > 0 ? 1 : 0));
export const readings: Readonly<Record<ExperimentOutcome, (outcomes: Outcomes) => Float64Array>> = {
  ordered: ({ orders }) => some(orders),
  orders: ({ orders }) => orders,
  spend: ({ spend }) => spend,
  visited: ({ visits }) => some(visits),
  opened: ({ opens }) => some(opens),
  clicked: ({ clicks }) => some(clicks),
  unsubscribed: ({ unsubscribes }) => some(unsubscribes),
};

export interface MeasureOptions {
  readonly until: Instant;
  readonly days?: number | undefined;
  readonly campaign?: string | undefined;
  readonly adjust?: ShopExperiment["adjust"] | undefined;
  readonly judge: Pick<ExperimentOptions, "worth" | "level" | "looking">;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What came of people in arms.
 *
 * @throws InchwormError "insufficient-data" where nothing can have come of anybody yet; LearnError "input" as `experiment`
 */
export async function measureArms(
  store: Pick<Store, "features" | "outcomes">,
  assigned: Assigned,
  outcome: ExperimentOutcome,
  { until, days, campaign, adjust, judge, seed, signal }: MeasureOptions,
): Promise<ExperimentResult> {
  const { contacts, arms, armNames, shares, from, strata } = assigned;
  const lacking = armNames.find((_, place) => !arms.includes(place));
  if (contacts.length === 0 || lacking !== undefined)
    throw new InchwormError(
      "insufficient-data",
      contacts.length === 0
        ? "Nobody was assigned before the end of history: nothing can have come of it yet."
        : `Nobody was assigned to "${lacking}" before the end of history.`,
      { hint: "Import or pull what has happened since, then ask again." },
    );
  const came = await store.outcomes({
    contacts,
    from,
    to: until,
    ...(days !== undefined && { days }),
    ...(campaign !== undefined && { campaign }),
    ...(signal && { signal }),
  });
  const values = readings[outcome](came);
  if (values.every((value) => value === values[0]))
    throw new InchwormError(
      "insufficient-data",
      `Since then everybody has the same "${outcome}", ${values[0]}: it cannot tell arms apart.`,
      { hint: "Wait, or ask for another outcome." },
    );
  const how = adjust ?? (contacts.length >= leastForModel ? "model" : "history");
  const before =
    how === false ? [] : await expectedOf(store, assigned, values, came, { how, seed, signal });
  return experiment(
    {
      arms: armNames,
      arm: arms,
      outcome: values,
      ...(before.length > 0 && { before }),
      ...(strata && strata.levels.length > 1 && { segments: strata }),
    },
    { control: armNames[0], shares, ...judge },
  );
}
