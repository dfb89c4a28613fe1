import type { ArmEffect, ExperimentResult } from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import type { DecisionLog, Store } from "@inchworm/store";
import type { Assigned } from "../experiment/assigned.js";
import { measureArms } from "../experiment/measure.js";
import type { CampaignProof } from "./types.js";

export interface CampaignOptions {
  readonly asOf: Instant;
  readonly days: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one campaign of the log brought. */
export async function proveCampaign(
  store: Store,
  log: DecisionLog,
  options: CampaignOptions,
): Promise<CampaignProof> {
  const { campaign, scorer, holdout, since, contacts } = log;
  const assigned = armsOf(log);
  const treated = assigned.arms.reduce((sum, arm) => sum + (arm > 0 ? 1 : 0), 0);
  const cost = log.costs.reduce((sum, one) => sum + one, 0);
  const base = {
    campaign,
    ...(scorer !== undefined && { scorer }),
    ...(holdout !== undefined && { holdout }),
    since,
    people: contacts.length,
    treated,
    cost,
  };
  const { asOf: until, days, seed, signal } = options;
  const measure = async (outcome: "ordered" | "spend") => {
    try {
      return await measureArms(store, assigned, outcome, {
        until,
        days,
        adjust: "history",
        judge: {},
        seed,
        signal,
      });
    } catch (error) {
      if (InchwormError.is(error, "insufficient-data") || InchwormError.is(error, "input"))
        return error as Error;
      throw error;
    }
  };
  const ordered = await measure("ordered");
  if (ordered instanceof Error)
    return { ...base, verdict: "cannot tell", because: `Cannot tell: ${ordered.message}` };
  const spend = await measure("spend");
  const total = incremental(ordered, assigned);
  const each = total && ordered.verdict === "brought" ? costPer(cost, total) : undefined;
  return {
    ...base,
    verdict: ordered.verdict,
    because: ordered.because,
    ordered,
    ...(!(spend instanceof Error) && { spend }),
    ...(total && { incremental: total }),
    ...(each && { costPerIncremental: each }),
    detectable: Math.min(...ordered.effects.map(({ detectable }) => detectable)),
  };
}

/** The control first; shares as they were drawn. */
function armsOf({ contacts, arms, armNames, actions, propensities, at }: DecisionLog): Assigned {
  const control = Math.max(0, actions.indexOf("nothing"));
  const order = [control, ...armNames.keys()].filter(
    (place, index, all) => all.indexOf(place) === index,
  );
  const shares = order.map((place) => {
    const row = arms.indexOf(place);
    return row < 0 ? 0 : propensities[row];
  });
  return {
    contacts,
    arms: Uint8Array.from(arms, (place) => order.indexOf(place)),
    armNames: order.map((place) => armNames[place]),
    shares,
    from: at,
  };
}

/** Effects of all arms, each on those who were in it. Their errors go together, so ends are added up rather than squared. */
export function incremental(
  { effects }: Pick<ExperimentResult, "effects">,
  { arms, armNames }: Pick<Assigned, "arms" | "armNames">,
): { value: number; low: number; high: number } | undefined {
  const people = (effect: ArmEffect) =>
    arms.reduce((sum, arm) => sum + (armNames[arm] === effect.arm ? 1 : 0), 0);
  const sum = (of: (effect: ArmEffect) => number) =>
    effects.reduce((total, effect) => total + people(effect) * of(effect), 0);
  return {
    value: sum(({ effect }) => effect.value),
    low: sum(({ effect }) => effect.low),
    high: sum(({ effect }) => effect.high),
  };
}

function costPer(
  cost: number,
  { value, low, high }: { value: number; low: number; high: number },
): { value: number; low: number; high?: number } | undefined {
  if (!(cost > 0) || !(value > 0) || !(high > 0)) return undefined;
  return { value: cost / value, low: cost / high, ...(low > 0 && { high: cost / low }) };
}
