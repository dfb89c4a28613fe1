import { breathe } from "../abort.js";
import { random } from "../random.js";
import { binCount, daysOfBin } from "./bins.js";
import type { RhythmShape } from "./dictionary.js";
import { actsOnly, likelierReading, type Reading, readEveryone } from "./everyone.js";
import { evidenceOf, type Weighing } from "./gather.js";
import { foretell, type Settings, split } from "./held-out.js";
import { type ActScale, fitPrior } from "./prior.js";
import { type Everyone, levelled } from "./profile.js";
import { human, type Tally, tally } from "./tally.js";
import type { HeldOut, SendTimeOptions, TimingHistory } from "./types.js";
import { reactions } from "./types.js";

/** What is chosen by how well it foretells what was hidden. */
export interface Choice {
  readonly reading: Reading["reading"];
  /** What rhythms look like: learned as forms of a day at any hour, or taken from a dictionary. */
  readonly shape: RhythmShape | "lives";
  /** Events in an hour that pull a rhythm to what the dictionary says; `Infinity` = the dictionary alone. */
  readonly refine: number;
  readonly trust: number;
  readonly pull: number;
  /** How much an act without a send tells beside an answer. */
  readonly actWeight: number;
  /** Whether answers of some kinds tell more than others. */
  readonly weighed: boolean;
}

export interface Race {
  readonly choice: Choice;
  readonly heldOut: HeldOut;
}

export type Weights = Required<NonNullable<SendTimeOptions["weights"]>>;

/** Contacts that settings are chosen on, and that the chosen ones are learned from. */
const raceRows = 2500;
const fitRows = 10_000;
/** A choice that foretells no better than by so much a send gives way to the simpler one. */
const least = 2e-5;

/** Answers to sends tell the forms of people's days; acts alone, of which there are fewer, choose among given ones. */
const answered: Choice = {
  reading: "at sending",
  shape: "lives",
  refine: Infinity,
  trust: 1,
  pull: 15,
  actWeight: 1,
  weighed: true,
};
const acted = {
  reading: "at sending",
  shape: { width: 1.8, height: 3, base: "everyone" },
  refine: 10,
  trust: 0.7,
  pull: 15,
  actWeight: 1,
  weighed: true,
} satisfies Choice;
const refines = [Infinity, 3];
const heights = [1, 8];
const widths = [1.2, 2.6];
const pulls = [40, 6];
const actWeights = [0.5, 0];
const alike: Weights = { open: 1, click: 1, visit: 1, order: 1 };
const mostAttempts = {
  sends: 2 + actWeights.length,
  acts: 2 + refines.length + heights.length + widths.length + pulls.length,
};

/** Contacts with any history, at most so many, drawn with the seed; ascending. */
export function drawRows(
  { contacts, sends, activity }: TimingHistory,
  most: number,
  seed: number,
): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < contacts; row++) {
    const some = (list: { offsets: Int32Array } | undefined): boolean =>
      list !== undefined && list.offsets[row + 1] > list.offsets[row];
    if (some(sends) || some(activity)) rows.push(row);
  }
  if (rows.length <= most) return Int32Array.from(rows);
  const drawn = random(seed).shuffle(Int32Array.from(rows)).subarray(0, most);
  return drawn.slice().sort();
}

export const drawForFit = (history: TimingHistory, seed: number): Int32Array =>
  drawRows(history, fitRows, seed);

/** Chooses one setting after another, each by the log-likelihood of what was hidden of some contacts. */
export async function race(
  history: TimingHistory,
  all: Tally,
  weights: Weights,
  seed: number,
  signal: AbortSignal | undefined,
  onProgress?: (share: number) => void,
): Promise<Race> {
  const parts = split(history, drawRows(history, raceRows, seed));
  const counted = tally(parts.known);
  const most = history.sends ? mostAttempts.sends : mostAttempts.acts;
  let attempts = 0;
  const attempt = async (choice: Choice, learned?: Settings): Promise<Attempt> => {
    await breathe(signal);
    onProgress?.(0.9 * (attempts++ / most));
    const { trust, pull } = choice;
    const settings = {
      ...(learned ?? settingsOf(parts.known, counted, choice, weights)),
      trust,
      pull,
    };
    return { choice, settings, heldOut: foretell(parts, settings) };
  };
  let best = await attempt(
    history.sends ? { ...answered, reading: likelierReading(counted) } : acted,
  );
  const against = (other: Attempt): void => {
    if (other.heldOut.model > best.heldOut.model + least) best = other;
  };
  if (history.sends) {
    if (differ(all, weights)) against(await attempt({ ...best.choice, weighed: false }));
    if (history.activity)
      for (const actWeight of actWeights) against(await attempt({ ...best.choice, actWeight }));
  } else {
    const shaped = (shape: Partial<RhythmShape>): Choice => ({
      ...best.choice,
      shape: { ...(best.choice.shape as RhythmShape), ...shape },
    });
    against(await attempt(shaped({ base: "flat" })));
    for (const refine of refines) against(await attempt({ ...best.choice, refine }));
    for (const height of heights) against(await attempt(shaped({ height })));
    for (const width of widths) against(await attempt(shaped({ width })));
    for (const pull of pulls) against(await attempt({ ...best.choice, pull }, best.settings));
  }
  return { choice: best.choice, heldOut: best.heldOut };
}

interface Attempt extends Race {
  readonly settings: Settings;
}

/** Learns everything under a choice. */
export function settingsOf(
  history: TimingHistory,
  counted: Tally,
  choice: Choice,
  weights: Weights,
  rows: Int32Array = Int32Array.from({ length: history.contacts }, (_, row) => row),
): Settings {
  const read = history.sends ? readEveryone(counted, choice.reading) : actsOnly(counted);
  const { reading } = read;
  const weighing = weighingOf(counted, choice.weighed ? weights : alike, choice.actWeight);
  const evidence = evidenceOf(history, rows, reading, weighing);
  // acts stand against no sends: what everyone answers is told by answers alone
  const answers =
    history.sends && history.activity
      ? evidenceOf(sendsOf(history), rows, reading, weighing)
      : evidence;
  const { everyone, spread } = history.sends
    ? levelled(answers, read.everyone)
    : { everyone: read.everyone, spread: 1 };
  const acts = actScale(history, counted, everyone);
  const prior = fitPrior(evidence, everyone, spread, acts, choice);
  return { reading, everyone, weighing, acts, prior, trust: choice.trust, pull: choice.pull };
}

function sendsOf({ contacts, sends }: TimingHistory): TimingHistory {
  return { contacts, ...(sends && { sends }) };
}

/** Whether answers weigh unlike each other. */
function differ({ sendKinds }: Tally, weights: Weights): boolean {
  const seen = new Set<number>();
  for (let kind = human; kind < sendKinds.length; kind++)
    if (sendKinds[kind] > 0) seen.add(weights[reactions[kind] as keyof Weights]);
  return seen.size > 1;
}

/** Weights by place in `reactions`, so scaled that answers weigh 1 on the mean; the same scale holds for acts. */
function weighingOf({ sendKinds, actKinds }: Tally, weights: Weights, actWeight: number): Weighing {
  const raw = reactions.map((reaction) =>
    reaction in weights ? weights[reaction as keyof Weights] : 0,
  );
  const mean = (kinds: Float64Array): number => {
    let [sum, count] = [0, 0];
    for (let kind = human; kind < kinds.length; kind++) {
      sum += kinds[kind] * raw[kind];
      count += kinds[kind];
    }
    return sum > 0 ? sum / count : 1;
  };
  const [answers, acts] = [mean(sendKinds), mean(actKinds)];
  return {
    answers: raw.map((weight) => weight / answers),
    acts: raw.map((weight) => (actWeight * weight) / acts),
  };
}

/** Acts per answer by bin, and the days that a bin stands for: people's acts follow the same rhythm as their answers, but for the hour. */
function actScale(
  { sends, activity }: TimingHistory,
  { acts }: Tally,
  everyone: Everyone,
): ActScale {
  const scale = Float64Array.from({ length: binCount }, (_, bin) => daysOfBin(bin));
  if (!sends || !activity) return scale;
  const total = acts.reduce((sum, value) => sum + value, 0);
  return scale.map((days, bin) => {
    const rate = (acts[bin] + 1) / (total + binCount) / days;
    return (days * rate * everyone.mean) / everyone.rates[bin];
  });
}
