import { type Random, random } from "../random.js";
import { adjust } from "./adjust.js";
import { experiment } from "./experiment.js";
import { levelNow, tooEarly } from "./looking.js";
import { meanDifference } from "./mean-difference.js";
import { momentsOf } from "./moments.js";
import { pool } from "./pool.js";
import { sampleRatio } from "./sample-ratio.js";
import { scoreDifference } from "./score-difference.js";
import type { Looking } from "./types.js";

/** People of one arm: a share buys, for exp(level + spread × normal); a share of 1 has values as regular as heights. */
export interface Spending {
  readonly people: number;
  readonly share: number;
  readonly spread: number;
  readonly level?: number;
}

export function spend(draws: Random, { people, share, spread, level = 0 }: Spending): Float64Array {
  return Float64Array.from({ length: people }, () =>
    share === 1
      ? level + spread * draws.normal()
      : draws.uniform() < share
        ? Math.exp(level + spread * draws.normal())
        : 0,
  );
}

export const meanSpend = ({ share, spread, level = 0 }: Spending): number =>
  share === 1 ? level : share * Math.exp(level + spread ** 2 / 2);

/** Share of 95 % intervals that hold the true difference of two means. */
export function meanCoverage(one: Spending, other: Spending, runs: number, seed: number): number {
  const draws = random(seed);
  const truth = meanSpend(one) - meanSpend(other);
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const [low, high] = meanDifference(
      momentsOf(spend(draws, one)),
      momentsOf(spend(draws, other)),
    ).interval(0.05);
    if (low <= truth && truth <= high) held++;
  }
  return held / runs;
}

export interface Chance {
  readonly people: number;
  readonly rate: number;
}

export function binomial(draws: Random, { people, rate }: Chance): number {
  let count = 0;
  for (let person = 0; person < people; person++) if (draws.uniform() < rate) count++;
  return count;
}

/** Share of 95 % intervals that hold the true difference of two proportions. */
export function shareCoverage(one: Chance, other: Chance, runs: number, seed: number): number {
  const draws = random(seed);
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const [low, high] = scoreDifference(
      { count: binomial(draws, one), of: one.people },
      { count: binomial(draws, other), of: other.people },
    ).interval(0.05);
    if (low <= one.rate - other.rate && one.rate - other.rate <= high) held++;
  }
  return held / runs;
}

/** Share of experiments without any effect in which a claim is made at some look; people come one by one, `holdout` of them to the control. */
export function falseClaims(
  options: {
    readonly rate: number;
    readonly holdout: number;
    readonly people: number;
    readonly looking: Looking;
    /** After so many people there is a look; each of them must be there in full. */
    readonly looks: readonly number[];
  },
  runs: number,
  seed: number,
): number {
  const { rate, holdout, people, looking, looks } = options;
  const draws = random(seed);
  const levels = looks.map((rows) => levelNow(looking, rows, 0.05));
  let claims = 0;
  for (let run = 0; run < runs; run++) {
    const of = [0, 0];
    const count = [0, 0];
    let look = 0;
    for (let person = 1; person <= people; person++) {
      const arm = draws.uniform() < holdout ? 0 : 1;
      of[arm]++;
      if (draws.uniform() < rate) count[arm]++;
      if (person !== looks[look]) continue;
      look++;
      const share = (count[0] + count[1]) / person;
      if (tooEarly(looking, Math.min(...of), 1 / (share * (1 - share)) - 3)) continue;
      const { p } = scoreDifference({ count: count[1], of: of[1] }, { count: count[0], of: of[0] });
      if (p < levels[look - 1]) {
        claims++;
        break;
      }
    }
  }
  return claims / runs;
}

/** What adjusting by a covariate of this correlation takes off the variance of the difference: as seen over runs, and as told by each. */
export function varianceCut(
  options: { readonly correlation: number; readonly control: number; readonly treated: number },
  runs: number,
  seed: number,
): { readonly seen: number; readonly told: number; readonly coverage: number } {
  const { correlation, control, treated } = options;
  const draws = random(seed);
  const plain = new Float64Array(runs);
  const adjusted = new Float64Array(runs);
  let told = 0;
  let held = 0;
  const arm = (people: number) => {
    const before = Float64Array.from({ length: people }, draws.normal);
    const values = before.map(
      (value) => correlation * value + Math.sqrt(1 - correlation ** 2) * draws.normal(),
    );
    return { values, before: [before] };
  };
  for (let run = 0; run < runs; run++) {
    const [one, other] = [arm(treated), arm(control)];
    const done = adjust(one, other);
    const contrast = meanDifference(momentsOf(done.one), momentsOf(done.other), done.estimated);
    const [low, high] = contrast.interval(0.05);
    if (low <= 0 && 0 <= high) held++;
    plain[run] = momentsOf(one.values).mean - momentsOf(other.values).mean;
    adjusted[run] = contrast.value;
    told += done.cut / runs;
  }
  const variance = (values: Float64Array) =>
    values.reduce((sum, value) => sum + value * value, 0) / runs;
  return { seen: 1 - variance(adjusted) / variance(plain), told, coverage: held / runs };
}

/** Share of allocations that are found out, `bias` more than the design's `share` of people being in the first arm. */
export function biasFound(
  options: { readonly people: number; readonly share: number; readonly bias: number },
  runs: number,
  seed: number,
): number {
  const { people, share, bias } = options;
  const draws = random(seed);
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const first = normalCount(draws, people, share * (1 + bias));
    if (!sampleRatio([first, people - first], [share, 1 - share]).ok) found++;
  }
  return found / runs;
}

/** A binomial count of many people. */
const normalCount = (draws: Random, people: number, rate: number): number =>
  Math.round(people * rate + Math.sqrt(people * rate * (1 - rate)) * draws.normal());

/** Share of pooled 95 % intervals that hold the mean of the effects, which differ from campaign to campaign by `spread`. */
export function poolCoverage(
  options: { readonly campaigns: number; readonly spread: number },
  runs: number,
  seed: number,
): number {
  const { campaigns, spread } = options;
  const draws = random(seed);
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const effects = Array.from({ length: campaigns }, () => {
      const error = 0.5 + draws.uniform();
      return { value: 1 + spread * draws.normal() + error * draws.normal(), error };
    });
    const { low, high } = pool(effects);
    if (low <= 1 && 1 <= high) held++;
  }
  return held / runs;
}

/** Share of experiments of several arms, none with an effect, in which one is claimed. */
export function familyClaims(arms: number, runs: number, seed: number): number {
  const draws = random(seed);
  const names = Array.from({ length: arms + 1 }, (_, arm) => `arm ${arm}`);
  let claims = 0;
  for (let run = 0; run < runs; run++) {
    const arm = Int32Array.from({ length: 150 * (arms + 1) }, (_, row) => row % (arms + 1));
    const outcome = Float64Array.from(arm, draws.normal);
    if (experiment({ arms: names, arm, outcome }).verdict === "brought") claims++;
  }
  return claims / runs;
}
