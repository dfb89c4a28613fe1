import { audience, controls, type LineTrials, lineSpread } from "@inchworm/learn";
import type { CampaignSends } from "@inchworm/store";
import { day } from "../windows.js";
import { type CelledSends, cellCount, cellFeatures } from "./audience-cells.js";
import { type TextPart, textOf } from "./campaign-text.js";
import { type AudienceLevel, testsOf } from "./tests-of.js";
import type { LinesOptions } from "./types.js";

/** The account's lines as they can be compared, one entry per campaign that has one. */
export interface AccountLines {
  readonly trials: Required<Omit<LineTrials, "together">>;
  /** When each was sent, UTC milliseconds. */
  readonly sentAt: Float64Array;
  /** 1 = in a test, by lot. */
  readonly tested: Uint8Array;
  readonly tests: number;
  /** The same for the people of each segment, where there are segments. */
  readonly segments: readonly { readonly segment: string; readonly trials: LineTrials }[];
  readonly notes: readonly string[];
}

/** Campaigns without a test are compared with those of the same weeks. */
const seasonDays = 28;
/** More segments than these, the largest, are not told apart. */
const mostSegments = 12;
/** Parts of the day of four hours each, and the weekend, in UTC. */
const hours = 7;

export interface AccountLinesInput {
  readonly sends: CampaignSends;
  readonly celled: CelledSends;
  readonly part: TextPart;
  readonly test?: LinesOptions["test"];
  readonly segmentOf?: (contact: number) => string | undefined;
  readonly signal?: AbortSignal;
}

export async function accountLines(input: AccountLinesInput): Promise<AccountLines> {
  const { sends, celled, part, test, segmentOf, signal } = input;
  const { campaigns } = sends;
  const shown = new Float64Array(campaigns.length * cellCount);
  const answered = new Float64Array(campaigns.length * cellCount);
  for (const [at, row] of celled.rows.entries()) {
    const place = sends.campaign[row] * cellCount + celled.cells[at];
    shown[place]++;
    answered[place] += celled.answered[at];
  }
  const features = cellFeatures();
  const model = await audience(
    { campaigns: campaigns.length, cells: cellCount, features, shown, answered },
    { ...(signal && { signal }) },
  );
  const margins = marginsOf(features, model.effects);
  const peopleOf = (campaign: number) =>
    shown.subarray(campaign * cellCount, (campaign + 1) * cellCount);
  const levels = campaigns.map((_, campaign) => levelOf(peopleOf(campaign), margins));
  const sentAt = medianTimes(sends, celled);
  const texts = campaigns.map((campaign) => textOf(campaign, part));
  const { testOf, tests, notes } = testsOf(sends, sentAt, texts, levels, test);
  const kept = Int32Array.from(campaigns.keys()).filter(
    (campaign) => texts[campaign] !== undefined && levels[campaign].people > 0,
  );
  const first = kept.reduce((least, campaign) => Math.min(least, sentAt[campaign]), Infinity);
  const contestOf = (campaign: number) =>
    testOf[campaign] >= 0
      ? testOf[campaign]
      : tests + Math.floor((sentAt[campaign] - first) / (seasonDays * day));
  const offsetOf = (campaign: number) =>
    testOf[campaign] >= 0 ? 0 : model.offset(peopleOf(campaign));
  const total = (list: Float64Array, campaign: number) =>
    list
      .subarray(campaign * cellCount, (campaign + 1) * cellCount)
      .reduce((sum, one) => sum + one, 0);
  const base = {
    texts: Array.from(kept, (campaign) => texts[campaign] as string),
    campaigns: Int32Array.from(kept, contestOf),
    shown: Float64Array.from(kept, (campaign) => total(shown, campaign)),
    clicked: Float64Array.from(kept, (campaign) => total(answered, campaign)),
    offsets: Float64Array.from(kept, offsetOf),
  };
  const tested = Uint8Array.from(kept, (campaign) => (testOf[campaign] >= 0 ? 1 : 0));
  const byHour = controls(base, hourFeatures(kept, sentAt, tested));
  const corrected = { ...base, offsets: base.offsets.map((offset, at) => offset + byHour[at]) };
  const noise = noiseOf(corrected, tested);
  const hourOf = new Float64Array(campaigns.length);
  for (const [at, campaign] of kept.entries()) hourOf[campaign] = byHour[at];
  return {
    trials: { ...corrected, noise },
    sentAt: Float64Array.from(kept, (campaign) => sentAt[campaign]),
    tested,
    tests,
    segments: segmentOf
      ? segmentTrials(sends, celled, segmentOf, {
          texts,
          contestOf,
          offset: (campaign, people) =>
            testOf[campaign] >= 0 ? 0 : model.offset(people) + hourOf[campaign],
        })
      : [],
    notes,
  };
}

function marginsOf(features: Float64Array, effects: Float64Array): Float64Array {
  const size = effects.length;
  return Float64Array.from({ length: cellCount }, (_, cell) =>
    effects.reduce((sum, effect, one) => sum + effect * features[cell * size + one], 0),
  );
}

function levelOf(people: Float64Array, margins: Float64Array): AudienceLevel {
  let all = 0;
  let sum = 0;
  let square = 0;
  for (let cell = 0; cell < cellCount; cell++) {
    all += people[cell];
    sum += people[cell] * margins[cell];
    square += people[cell] * margins[cell] ** 2;
  }
  const mean = all === 0 ? 0 : sum / all;
  return { people: all, mean, variance: all === 0 ? 0 : square / all - mean ** 2 };
}

/** When half of a campaign had been sent. */
function medianTimes({ campaigns, campaign, at }: CampaignSends, { rows }: CelledSends) {
  const times = campaigns.map((): number[] => []);
  for (const row of rows) times[campaign[row]].push(at[row]);
  return Float64Array.from(times, (own) => Float64Array.from(own).sort()[own.length >> 1] ?? 0);
}

/** Lines of one test were sent at one time. */
function hourFeatures(kept: Int32Array, sentAt: Float64Array, tested: Uint8Array): Float64Array {
  const features = new Float64Array(kept.length * hours);
  for (const [line, campaign] of kept.entries()) {
    if (tested[line] === 1) continue;
    const when = new Date(sentAt[campaign]);
    features[line * hours + (when.getUTCHours() >> 2)] = 1;
    if (when.getUTCDay() % 6 === 0) features[line * hours + hours - 1] = 1;
  }
  return features;
}

/** How much further lines of neighbouring weeks lie apart than those of tests, for whatever could not be taken off. */
function noiseOf(trials: LineTrials, tested: Uint8Array): Float64Array {
  const noise = new Float64Array(tested.length);
  const only = (which: number) => {
    const lines = Array.from(tested.keys()).filter((line) => tested[line] === which);
    return lineSpread(takeLines(trials, lines));
  };
  const [weeks, tests] = [only(0), only(1)];
  if (weeks.contests === 0 || tests.contests === 0) return noise;
  const more = Math.max(0, weeks.spread - tests.spread);
  return noise.map((_, line) => (tested[line] === 1 ? 0 : more));
}

/** The lines at these places. */
export function takeLines(trials: LineTrials, lines: readonly number[]): LineTrials {
  const take = (list: ArrayLike<number>) => lines.map((line) => list[line]);
  const { offsets, noise } = trials;
  return {
    texts: lines.map((line) => trials.texts[line]),
    campaigns: take(trials.campaigns),
    shown: take(trials.shown),
    clicked: take(trials.clicked),
    ...(offsets && { offsets: take(offsets) }),
    ...(noise && { noise: take(noise) }),
  };
}

interface SegmentInput {
  readonly texts: readonly (string | undefined)[];
  readonly contestOf: (campaign: number) => number;
  readonly offset: (campaign: number, people: Float64Array) => number;
}

function segmentTrials(
  sends: CampaignSends,
  celled: CelledSends,
  segmentOf: (contact: number) => string | undefined,
  { texts, contestOf, offset }: SegmentInput,
): AccountLines["segments"] {
  const sizes = new Map<string, number>();
  const own = new Map<number, string | undefined>();
  for (const row of celled.rows) {
    const contact = sends.contacts[row];
    if (!own.has(contact)) own.set(contact, segmentOf(contact));
    const segment = own.get(contact);
    if (segment !== undefined) sizes.set(segment, (sizes.get(segment) ?? 0) + 1);
  }
  const largest = [...sizes]
    .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
    .slice(0, mostSegments)
    .map(([segment]) => segment);
  return largest.map((segment) => {
    const people = new Map<number, Float64Array>();
    const answers = new Map<number, number>();
    for (const [at, row] of celled.rows.entries()) {
      const campaign = sends.campaign[row];
      if (texts[campaign] === undefined || own.get(sends.contacts[row]) !== segment) continue;
      const counts = people.get(campaign) ?? new Float64Array(cellCount);
      counts[celled.cells[at]]++;
      people.set(campaign, counts);
      answers.set(campaign, (answers.get(campaign) ?? 0) + celled.answered[at]);
    }
    const kept = [...people].sort((left, right) => left[0] - right[0]);
    return {
      segment,
      trials: {
        texts: kept.map(([campaign]) => texts[campaign] as string),
        campaigns: kept.map(([campaign]) => contestOf(campaign)),
        shown: kept.map(([, counts]) => counts.reduce((sum, one) => sum + one, 0)),
        clicked: kept.map(([campaign]) => answers.get(campaign) ?? 0),
        offsets: kept.map(([campaign, counts]) => offset(campaign, counts)),
      },
    };
  });
}
