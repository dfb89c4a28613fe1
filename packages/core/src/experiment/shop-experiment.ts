import { InchwormError, type Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { universal } from "../holdout/hold-out.js";
import { type Assigned, during } from "./assigned.js";
import { measureArms } from "./measure.js";
import { experimentOutcomes, type ShopExperiment, type ShopExperimentResult } from "./types.js";

/** The arms of a holdout that stands. */
export async function assignedTo(store: Store, name: string): Promise<Assigned> {
  const { contacts, arms, armNames, assignedAt, strata, stratumNames } =
    await store.holdoutArms(name);
  const [holdout] = (await store.holdouts()).filter((one) => one.name === name);
  return {
    contacts,
    arms,
    armNames,
    shares: holdout.arms.map(({ share }) => share),
    from: assignedAt,
    ...(stratumNames.length > 0 && { strata: { codes: strata, levels: stratumNames } }),
  };
}

/** See `Workspace.experiment`. */
export async function shopExperiment(
  store: Store,
  settings: ShopExperiment,
  options: { readonly asOf: Instant; readonly seed: number; readonly signal?: AbortSignal },
): Promise<ShopExperimentResult> {
  const { holdout = universal, outcome = "spend", since, days, adjust, ...rest } = settings;
  if (!experimentOutcomes.includes(outcome))
    throw new InchwormError("input", `experiment: there is no outcome "${outcome}".`, {
      hint: `Known are ${experimentOutcomes.join(", ")}.`,
    });
  if (days !== undefined && !(days > 0))
    throw new InchwormError("input", `experiment: "days" must be above 0, got ${days}.`);
  const { asOf: until = options.asOf, ...judge } = rest;
  const assigned = during(await assignedTo(store, holdout), until, since);
  const result = await measureArms(store, assigned, outcome, {
    until,
    days,
    campaign: holdout === universal ? undefined : holdout,
    adjust,
    judge,
    seed: options.seed,
    signal: options.signal,
  });
  const [{ conflicts }] = (await store.holdouts()).filter(({ name }) => name === holdout);
  return {
    ...result,
    holdout,
    outcome,
    from: assigned.from.reduce((least, one) => Math.min(least, one), Infinity),
    until,
    people: assigned.contacts.length,
    notes: [
      ...result.notes,
      ...(conflicts > 0
        ? [
            `${conflicts} ${conflicts === 1 ? "person was" : "people were"} two with different arms; each counts in the one given first.`,
          ]
        : []),
    ],
  };
}
