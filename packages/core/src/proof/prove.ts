import { type Effect, pool, type Verdict } from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import type { DecisionLog, Store } from "@inchworm/store";
import { during } from "../experiment/assigned.js";
import { measureArms } from "../experiment/measure.js";
import { assignedTo } from "../experiment/shop-experiment.js";
import { universal } from "../holdout/hold-out.js";
import type { Scorer } from "../scorer.js";
import { alarmsOf } from "./alarms.js";
import { proveCampaign } from "./campaign.js";
import type { CampaignProof, Proof, ScorerProof } from "./types.js";

export interface ProveOptions {
  readonly asOf: Instant;
  /** How long after a decision outcomes count. Defaults to 30. */
  readonly days?: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly scorerOf: (name: string) => Promise<Scorer | undefined>;
}

/** See `Workspace.proof`. */
export async function prove(store: Store, options: ProveOptions): Promise<Proof> {
  const { asOf, days = 30, seed, signal } = options;
  if (!(days > 0)) throw new InchwormError("input", `proof: "days" must be above 0, got ${days}.`);
  const logs = await store.decisionLog({ asOf });
  const campaigns: CampaignProof[] = [];
  for (const log of logs) {
    signal?.throwIfAborted();
    campaigns.push(await proveCampaign(store, log, { asOf, days, seed, signal }));
  }
  const names = [...new Set(logs.map(({ scorer }) => scorer))];
  const scorers: ScorerProof[] = [];
  for (const name of names) scorers.push(await proveScorer(store, name, logs, campaigns, options));
  const whole = await proveAll(store, options);
  return {
    asOf,
    days,
    campaigns,
    scorers,
    ...(whole && { universal: whole }),
    notes: [
      ...(logs.length === 0
        ? [
            `No decision had been logged by ${new Date(asOf).toISOString().slice(0, 10)}, where history ends: see shop.decide, and bring in what has happened since.`,
          ]
        : []),
      ...campaigns
        .filter(({ since }) => since + days * 86_400_000 > asOf)
        .map(
          ({ campaign }) =>
            `${campaign} is not over: its outcomes count for ${days} days, of which some are still to come.`,
        ),
    ],
  };
}

async function proveScorer(
  store: Store,
  name: string | undefined,
  logs: readonly DecisionLog[],
  campaigns: readonly CampaignProof[],
  { asOf, scorerOf }: ProveOptions,
): Promise<ScorerProof> {
  const own = campaigns.filter(({ scorer }) => scorer === name);
  const measured = own.flatMap(({ ordered, incremental }) =>
    ordered?.sampleRatio.ok && incremental ? [{ effects: ordered.effects, incremental }] : [],
  );
  const effects = measured.flatMap(({ effects: all }) =>
    all.map(({ effect }) => effect).filter(({ error }) => error > 0),
  );
  const pooled = effects.length > 0 ? pool(effects) : undefined;
  const scorer = name === undefined ? undefined : await scorerOf(name);
  const sum = (of: (one: { value: number; low: number; high: number }) => number) =>
    measured.reduce((total, { incremental }) => total + of(incremental), 0);
  return {
    ...(name !== undefined && { scorer: name }),
    since: Math.min(...own.map(({ since }) => since)),
    campaigns: own.length,
    ...(pooled && { pooled }),
    ...(measured.length > 0 && {
      incremental: together(
        sum(({ value }) => value),
        measured,
      ),
    }),
    cost: own.reduce((total, { cost }) => total + cost, 0),
    alarms: await alarmsOf(
      store,
      logs.filter((log) => log.scorer === name),
      scorer,
      asOf,
    ),
    ...verdictOver(own, pooled),
  };
}

/** Errors of campaigns are independent of one another. */
function together(
  value: number,
  parts: readonly { readonly incremental: { value: number; low: number; high: number } }[],
): { value: number; low: number; high: number } {
  const down = Math.hypot(...parts.map(({ incremental }) => incremental.value - incremental.low));
  const up = Math.hypot(...parts.map(({ incremental }) => incremental.high - incremental.value));
  return { value, low: value - down, high: value + up };
}

function verdictOver(own: readonly CampaignProof[], pooled: Effect | undefined): Verdict {
  const [only] = own;
  if (own.length === 1 || !pooled) return { verdict: only.verdict, because: only.because };
  const points = (value: number) => Number((100 * value).toPrecision(3));
  const { value, low, high } = pooled;
  const sure = `95 % interval ${points(low)} to ${points(high)} over ${own.length} campaigns`;
  if (low > 0 || high < 0)
    return {
      verdict: "brought",
      because: `Brought ${points(value)} ± ${points((high - low) / 2)} percentage points of people who order (${sure}).`,
    };
  const largest = Math.max(-low, high);
  const worth = Math.min(...own.flatMap(({ ordered }) => (ordered ? [ordered.worth] : [])));
  return largest <= worth
    ? {
        verdict: "no effect",
        because: `No effect larger than ${points(largest)} percentage points (${sure}).`,
      }
    : {
        verdict: "cannot tell",
        because: `Cannot tell: ${sure}; ${points(worth)} would matter. More campaigns or a larger holdout are needed.`,
      };
}

async function proveAll(
  store: Store,
  { asOf, seed, signal }: ProveOptions,
): Promise<Proof["universal"]> {
  if (!(await store.holdouts()).some(({ name }) => name === universal)) return undefined;
  try {
    const assigned = during(await assignedTo(store, universal), asOf);
    const result = await measureArms(store, assigned, "spend", {
      until: asOf,
      adjust: "history",
      judge: {},
      seed,
      signal,
    });
    return { outcome: "spend", result };
  } catch (error) {
    if (InchwormError.is(error, "insufficient-data") || InchwormError.is(error, "input"))
      return undefined;
    throw error;
  }
}
