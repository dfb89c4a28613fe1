import { random } from "../random.js";
import { drawGamma } from "../special/draw-gamma.js";
import type { FrequencyLog, FrequencyPlan, FrequencyValue } from "./types.js";

export interface PlantedFrequency {
  readonly log: FrequencyLog;
  /** The truth: expected engagement and risk of a week with so many messages. */
  engagement(person: number, messages: number): number;
  risk(person: number, messages: number): number;
}

export interface PlantedFrequencyOptions {
  readonly seed: number;
  readonly people: number;
  readonly weeks: number;
  /** How strongly engaged people are sent more; 0 for not at all. */
  readonly confounding: number;
  /** Share of people whose number of messages is drawn at random each week. */
  readonly randomised?: number;
  /** True where everybody is always sent the same number. */
  readonly steady?: boolean;
}

export const most = 10;

/** Engaged people are sent more, leave less, and differ by segment in how soon they have had enough. */
export function plantedFrequency(options: PlantedFrequencyOptions): PlantedFrequency {
  const { seed, people, weeks, confounding, randomised = 0, steady = false } = options;
  const draws = random(seed, 3);
  const segments = Int32Array.from({ length: people }, () => draws.below(3));
  const lively = Float64Array.from({ length: people }, () => drawGamma(1.2, draws) / 1.2);
  const engagement = (person: number, messages: number): number =>
    lively[person] * (0.03 + 0.5 * (1 - Math.exp(-messages / (1 + 1.5 * segments[person]))));
  const risk = (person: number, messages: number): number =>
    ((0.0008 + 0.00025 * messages ** 2) * (0.3 + lively[person]) ** -0.5) /
    (1 + 0.3 * segments[person]);
  const columns = {
    person: [] as number[],
    messages: [] as number[],
    engagement: [] as number[],
    unsubscribed: [] as number[],
    week: [] as number[],
    randomised: [] as number[],
  };
  for (let person = 0; person < people; person++) {
    const usual = Math.min(7, 2.2 * (0.2 + lively[person]) ** confounding);
    const random = draws.uniform() < randomised;
    const always = poisson(usual);
    for (let week = 0; week < weeks; week++) {
      const drawn = random ? draws.below(most + 1) : steady ? always : poisson(usual);
      const messages = Math.min(most, drawn);
      const leaves = draws.uniform() < risk(person, messages);
      columns.person.push(person);
      columns.messages.push(messages);
      columns.engagement.push(poisson(engagement(person, messages)));
      columns.unsubscribed.push(leaves ? 1 : 0);
      columns.week.push(week);
      columns.randomised.push(random ? 1 : 0);
      if (leaves) break;
    }
  }
  function poisson(mean: number): number {
    let left = Math.exp(-mean);
    let count = 0;
    for (let u = draws.uniform(); u > left && count < 40; count++) {
      u -= left;
      left *= mean / (count + 1);
    }
    return count;
  }
  const log = {
    rows: columns.person.length,
    people,
    segments,
    person: Int32Array.from(columns.person),
    messages: Float64Array.from(columns.messages),
    engagement: Float64Array.from(columns.engagement),
    unsubscribed: Uint8Array.from(columns.unsubscribed),
    week: Int32Array.from(columns.week),
    ...(randomised > 0 && { randomised: Uint8Array.from(columns.randomised) }),
  };
  return { log, engagement, risk };
}

/** What a plan truly earns a week. */
export function trueValue(
  { log, engagement, risk }: PlantedFrequency,
  messages: FrequencyPlan["messages"],
  value: FrequencyValue,
): number {
  let sum = 0;
  for (let person = 0; person < log.people; person++) {
    const lost =
      typeof value.subscription === "number" ? value.subscription : value.subscription[person];
    sum +=
      value.engagement * engagement(person, messages[person]) -
      lost * risk(person, messages[person]);
  }
  return sum;
}
