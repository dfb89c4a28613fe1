import { detectable, type ExperimentPlan, peopleNeeded, powerOf } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";

export interface PowerOptions {
  readonly base: number;
  readonly contacts: number;
  readonly holdout: number;
  readonly deviation?: number;
  readonly correlation?: number;
  readonly confidence: number;
  readonly power: number;
  /** Arms beside the control; each is held against it. */
  readonly arms: number;
  readonly effect?: { readonly value: number; readonly relative: boolean };
}

export interface PowerReport {
  readonly base: number;
  readonly contacts: number;
  readonly holdout: number;
  /** People in the control, and in each arm. */
  readonly control: number;
  readonly treated: number;
  readonly confidence: number;
  readonly power: number;
  /** The smallest increase that is shown with that power: as it is, as a share of the base, and the mean that it makes. */
  readonly detectable?: {
    readonly absolute: number;
    readonly relative: number;
    readonly rate: number;
  };
  readonly because: string;
  /** Of the effect asked about: the chance of showing it, and the people it takes in all. */
  readonly effect?: {
    readonly absolute: number;
    readonly relative: number;
    readonly chance: number;
    readonly contactsNeeded?: number;
  };
  /** The same with other shares held out. */
  readonly holdouts: readonly { readonly holdout: number; readonly relative?: number }[];
}

const shares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

/** @throws InchwormError or LearnError "input" for numbers that make no experiment */
export function powerReport(options: PowerOptions): PowerReport {
  const { base, contacts, holdout, confidence, power } = options;
  const plan = planOf(options, holdout);
  const smallest = detectable(plan);
  const relative = (absolute: number) => absolute / Math.abs(base);
  const effect = effectOf(options, plan);
  return {
    base,
    contacts,
    holdout,
    control: plan.control,
    treated: plan.treated,
    confidence,
    power,
    ...(smallest !== undefined && {
      detectable: { absolute: smallest, relative: relative(smallest), rate: base + smallest },
    }),
    because: because(options, plan, smallest),
    ...(effect && { effect }),
    holdouts: shares.flatMap((share) => {
      if (Math.floor(contacts * share) < 2) return [];
      const one = detectable(planOf(options, share));
      return [{ holdout: share, ...(one !== undefined && { relative: relative(one) }) }];
    }),
  };
}

function planOf(options: PowerOptions, holdout: number): ExperimentPlan {
  const { base, contacts, deviation, correlation, confidence, power, arms } = options;
  const control = Math.round(contacts * holdout);
  const treated = Math.floor((contacts - control) / arms);
  if (control < 2 || treated < 2)
    throw new InchwormError(
      "input",
      `Of ${contacts} contacts a holdout of ${holdout} leaves ${control} people in the control and ${treated} in an arm; it takes two each.`,
      { hint: "Hold out another share with --holdout." },
    );
  return {
    control,
    treated,
    base,
    ...(deviation !== undefined && { deviation }),
    ...(correlation !== undefined && { correlation }),
    level: (1 - confidence) / arms,
    power,
  };
}

function effectOf(options: PowerOptions, plan: ExperimentPlan): PowerReport["effect"] {
  const { base, effect, contacts } = options;
  if (!effect) return undefined;
  const absolute = effect.relative ? effect.value * Math.abs(base) : effect.value;
  const people = peopleNeeded(plan, absolute);
  return {
    absolute,
    relative: absolute / Math.abs(base),
    chance: powerOf(plan, absolute),
    ...(people !== undefined && {
      contactsNeeded: Math.ceil((people * contacts) / (plan.control + plan.treated)),
    }),
  };
}

function because(
  { base, power, deviation }: PowerOptions,
  { control, treated }: ExperimentPlan,
  smallest: number | undefined,
): string {
  const people = `${control.toLocaleString("en-US")} held out and ${treated.toLocaleString("en-US")} treated`;
  if (smallest === undefined)
    return `This list cannot show any effect: with ${people} not even the largest possible one is seen in ${Math.round(100 * power)} of 100 experiments.`;
  const rate = deviation === undefined;
  const amount = (value: number) =>
    rate ? `${Number((100 * value).toPrecision(3))} %` : String(Number(value.toPrecision(3)));
  const what =
    base === 0
      ? `less than ${amount(smallest)}`
      : `less than ${Number(((100 * smallest) / Math.abs(base)).toPrecision(3))} %`;
  return `This list cannot show ${what}: with ${people}, ${rate ? "a rate" : "a mean"} of ${amount(base)} must become ${amount(base + smallest)} to be seen in ${Math.round(100 * power)} of 100 experiments.`;
}
