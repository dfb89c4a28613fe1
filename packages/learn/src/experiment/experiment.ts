import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { normalCdf, normalQuantile } from "../special/normal.js";
import { type Arm, type ExperimentData, partArms } from "./arms.js";
import { usable } from "./before.js";
import { bySegment, type SegmentEffect } from "./by-segment.js";
import { contrastOf } from "./contrast.js";
import { manyToOne } from "./dunnett.js";
import { levelNow, tooEarly } from "./looking.js";
import { kurtosisOf, momentsOf } from "./moments.js";
import { relativeTo } from "./relative.js";
import { type SampleRatio, sampleRatio } from "./sample-ratio.js";
import type { Contrast, Effect, Looking, OutcomeKind, Verdict } from "./types.js";
import { peopleFor, verdictOf } from "./verdict.js";

export interface ExperimentOptions {
  /** The arm that nothing was done to. Defaults to the first. */
  readonly control?: string;
  /** The shares that arms were designed to have, in their order. Defaults to equal ones. */
  readonly shares?: readonly number[];
  /** The smallest effect that would matter, in the outcome's own units. Defaults to a tenth of the control's mean. */
  readonly worth?: number;
  /** Chance of a false claim, all arms and looks together. Defaults to 0.05: intervals are 95 % ones. */
  readonly level?: number;
  /** How often one looks. Defaults to once. */
  readonly looking?: Looking;
}

export interface ArmResult {
  readonly arm: string;
  /** People assigned to it, and how many of them have no outcome. */
  readonly assigned: number;
  readonly missing: number;
  readonly mean: number;
  readonly deviation: number;
}

export interface ArmEffect extends Verdict {
  readonly arm: string;
  /** The arm less the control, adjusted where something was known before. The interval holds for all arms and looks together. */
  readonly effect: Effect;
  /** As a share of the control's mean; absent where that cannot be told from 0. */
  readonly relative?: { readonly value: number; readonly low: number; readonly high: number };
  /** Where something was known before: the plain difference, and the share of the variance that adjusting took away. */
  readonly unadjusted?: Effect;
  readonly varianceCut?: number;
  /** The effect that an experiment of this size shows with a chance of 80 %. */
  readonly detectable: number;
  /** People, in these shares, with whom the interval would leave out either none or what would matter, whatever comes. */
  readonly needed?: number;
}

export interface ExperimentResult extends Verdict {
  readonly kind: OutcomeKind;
  /** Whether a few people make much of the mean. */
  readonly heavyTailed: boolean;
  readonly control: string;
  readonly worth: number;
  readonly sampleRatio: SampleRatio;
  readonly arms: readonly ArmResult[];
  /** One per arm other than the control. */
  readonly effects: readonly ArmEffect[];
  readonly segments?: readonly SegmentEffect[];
  /** What else a reader should know, one plain sentence each. */
  readonly notes: readonly string[];
}

const defaults = { level: 0.05, looking: { kind: "once" } as Looking };
/** Chance of stopping a sound experiment for its missing outcomes. */
const alarm = 0.001;
const defaultWorth = 0.1;

/**
 * What an experiment brought. Nothing is claimed when arms have sizes that the design does not explain, or when outcomes are missing
 * in one arm more than in another.
 *
 * @throws LearnError "input" when there are fewer than two arms, an arm is empty, everybody has the same outcome, or an option is none
 * @example
 * experiment({ arms: ["none", "mail"], arm, outcome, before: [spentLastYear] }, { control: "none" }).because;
 */
export function experiment(
  data: ExperimentData,
  options: ExperimentOptions = {},
): ExperimentResult {
  const { level, looking, shares, ...given } = { ...defaults, ...options };
  checkOptions("experiment", { level }, { level: { above: 0, max: 0.5 } });
  if (given.worth !== undefined) checkOptions("experiment", given, { worth: { above: 0 } });
  const { arms, rate } = partArms(data);
  const kind: OutcomeKind = rate ? "rate" : data.per ? "ratio" : "amount";
  const control = arms.find(({ name }) => name === (given.control ?? data.arms[0]));
  if (!control)
    throw new LearnError(
      "input",
      `experiment: there is no arm "${given.control}" to be the control.`,
    );
  const others = arms.filter((arm) => arm !== control);
  const ratio = sampleRatio(
    arms.map(({ assigned }) => assigned),
    shares,
    { live: looking.kind !== "once" },
  );
  const covariates = usable(data.before ?? [], arms, control);
  const worth = given.worth ?? defaultWorth * Math.abs(control.mean);
  const moments = arms.map(({ values }) => momentsOf(values));
  const kurtosis = kurtosisOf(moments);
  const smallest = Math.min(...arms.map(({ rows }) => rows.length));
  const trouble =
    troubleOf(arms, ratio) ?? (tooEarly(looking, smallest, kurtosis) ? early : undefined);

  const all = arms.reduce((sum, { rows }) => sum + rows.length, 0);
  const now = levelNow(looking, all, level);
  const contrasts = others.map((arm) => contrastOf(arm, control, rate, covariates.columns));
  const correction = correctionOf(others, control, looking);
  const each = correction.each(now);
  const effectOf = (contrast: Contrast): Effect => {
    const [low, high] = contrast.interval(each);
    const { value, error, p } = contrast;
    return { value, low, high, error, p: correction.corrected(p) };
  };
  const effects = others.map((arm, at): ArmEffect => {
    const { contrast, means, adjusted } = contrasts[at];
    const effect = effectOf(contrast);
    const rows = arm.rows.length + control.rows.length;
    const judged = {
      effect,
      control: means[0],
      arm: means[1],
      worth,
      rows,
      kind,
      confidence: 1 - level,
    };
    const needed = peopleFor(judged);
    const relative = relativeOf(arm, control, contrast, means, each);
    return {
      arm: arm.name,
      effect,
      ...(relative && { relative }),
      ...(adjusted && {
        unadjusted: effectOf(contrastOf(arm, control, rate, []).contrast),
        varianceCut: adjusted.cut,
      }),
      detectable: effect.error * (-normalQuantile(each / 2) + normalQuantile(0.8)),
      ...(needed !== undefined && { needed }),
      ...(trouble ?? verdictOf(judged)),
    };
  });
  return {
    kind,
    heavyTailed: isHeavy(kind, kurtosis),
    control: control.name,
    worth,
    sampleRatio: ratio,
    arms: arms.map((arm, at) => ({
      arm: arm.name,
      assigned: arm.assigned,
      missing: arm.assigned - arm.rows.length,
      mean: arm.mean,
      deviation: Math.sqrt((moments[at].second * arm.rows.length) / (arm.rows.length - 1)),
    })),
    effects,
    ...(data.segments && {
      segments: bySegment(arms, control, rate, covariates.columns, data.segments, level),
    }),
    notes: [...covariates.notes, ...notesOf(kind, kurtosis, ratio)],
    ...(trouble ?? overall(effects)),
  };
}

const early: Verdict = {
  verdict: "cannot tell",
  because: "Cannot tell: it is too early; an arm holds too few people to look at yet.",
};

/** Of lognormal amounts with a spread of 1.1 or of a yes in 50: a few people make the mean. */
const heavy = 50;
const isHeavy = (kind: OutcomeKind, kurtosis: number): boolean =>
  kind !== "rate" && kurtosis > heavy;

/** Short of the alarm, and yet rare. */
const unlikely = 0.01;

function notesOf(kind: OutcomeKind, kurtosis: number, { ok, p, counts }: SampleRatio): string[] {
  return [
    ...(ok && p < unlikely
      ? [
          `Arms of ${counts.join(" and ")} people are unlikely by the design (p ${p.toPrecision(2)}): see that nobody is lost on the way.`,
        ]
      : []),
    ...(isHeavy(kind, kurtosis)
      ? [
          `A few people make much of the mean (kurtosis ${Math.round(kurtosis)}): the interval allows for it, and is as wide as it must be.`,
        ]
      : []),
  ];
}

/** Looks and arms are corrected for one after the other, so at looks the correction must not lean on how arms go together. */
function correctionOf(others: readonly Arm[], control: Arm, looking: Looking) {
  if (looking.kind !== "once")
    return {
      each: (level: number) => level / others.length,
      corrected: (p: number) => Math.min(1, p * others.length),
    };
  const variance = ({ values, rows }: Arm) => momentsOf(values).second / rows.length;
  return manyToOne(others.map(variance), variance(control));
}

function relativeOf(
  arm: Arm,
  control: Arm,
  contrast: Contrast,
  [base, raised]: readonly [number, number],
  level: number,
) {
  const [first, second] = [arm, control].map(
    ({ values, rows }) => momentsOf(values).second / (rows.length - 1),
  );
  // what adjusting took away is taken from both
  const kept = first + second > 0 ? contrast.error ** 2 / (first + second) : 1;
  return relativeTo(
    { mean: base, variance: kept * second },
    { mean: raised, variance: kept * first },
    level,
  );
}

function troubleOf(arms: readonly Arm[], ratio: SampleRatio): Verdict | undefined {
  const people = (values: readonly number[]) =>
    values.map((value) => Math.round(value).toLocaleString("en-US")).join(" to ");
  const small = (p: number) => (p < 1e-12 ? "below 1e-12" : p.toPrecision(2));
  if (!ratio.ok)
    return {
      verdict: "cannot tell",
      because: `Cannot tell: the arms have ${people(ratio.counts)} people where the design expects ${people(ratio.expected)} (p ${small(ratio.p)}); find out who was lost or added, or give the designed shares.`,
    };
  const missing = arms.map(({ assigned, rows }) => assigned - rows.length);
  const [gone, all] = [missing, arms.map(({ assigned }) => assigned)].map((counts) =>
    counts.reduce((sum, count) => sum + count, 0),
  );
  if (gone === 0) return undefined;
  const lost = unequal(
    missing,
    arms.map(({ assigned }) => assigned),
    gone / all,
  );
  if (lost >= alarm) return undefined;
  return {
    verdict: "cannot tell",
    because: `Cannot tell: outcomes are missing for ${people(missing)} people of the arms, more unequally than chance allows (p ${small(lost)}); find out why.`,
  };
}

/** The p-value of shares being alike, each held against the whole; corrected for the number of arms. */
function unequal(counts: readonly number[], of: readonly number[], share: number): number {
  const p = counts.map((count, at) => {
    const error = Math.sqrt(of[at] * share * (1 - share));
    return error > 0 ? 2 * normalCdf(-Math.abs(count - of[at] * share) / error) : 1;
  });
  return Math.min(1, Math.min(...p) * counts.length);
}

/** Of several arms, the one that brought the most; "no effect" only where none had one. */
function overall(effects: readonly ArmEffect[]): Verdict {
  const named = ({ arm, verdict, because }: ArmEffect): Verdict => ({
    verdict,
    because: effects.length === 1 ? because : `${arm}: ${because}`,
  });
  const order = [...effects].sort((one, other) => other.effect.value - one.effect.value);
  const brought = order.filter(({ verdict }) => verdict === "brought");
  if (brought.length > 0) return named(brought[0]);
  return named(order.find(({ verdict }) => verdict === "cannot tell") ?? order[0]);
}
