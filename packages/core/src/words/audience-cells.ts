import type { CampaignSends } from "@inchworm/store";
import { day } from "../windows.js";

const hour = 3_600_000;
/** Sends of the last hours are not over yet. */
export const answerHours = 72;

/** A person's rate of answers to other campaigns, against everybody's, on a logarithmic scale. */
const rateEdges = [-1.5, -1, -0.6, -0.3, -0.05, 0.05, 0.3, 0.6, 1, 1.5];
/** How many answers' worth of messages at everybody's rate a person's own is mixed with. */
const rateWeight = 4;
const rates = rateEdges.length + 1;
/** Since the last answer: none was sent before, none was answered, more than 30 days, up to 30 days. */
const recencies = 4;
/** Messages in the seven days before: none, one, two or three, more. */
const fatigues = 4;
export const cellCount = rates * recencies * fatigues;

/** What cells are, row-major, cells × features: 1 for each thing that is so. */
export function cellFeatures(): Float64Array {
  const size = rates + recencies + fatigues;
  const features = new Float64Array(cellCount * size);
  for (let cell = 0; cell < cellCount; cell++) {
    features[cell * size + Math.floor(cell / (recencies * fatigues))] = 1;
    features[cell * size + rates + (Math.floor(cell / fatigues) % recencies)] = 1;
    features[cell * size + rates + recencies + (cell % fatigues)] = 1;
  }
  return features;
}

/** Sends that are over, and the cell of each. */
export interface CelledSends {
  /** Rows of the sends. */
  readonly rows: Int32Array;
  readonly cells: Uint16Array;
  readonly answered: Uint8Array;
}

/**
 * What was known of people apart from this one message: how they answer the others, how long ago they answered before it, and how many
 * they had just had.
 */
export function cellsOf(sends: CampaignSends, least: 1 | 2, asOf: number): CelledSends {
  const { contacts, at, answers } = sends;
  const until = asOf - answerHours * hour;
  let over = 0;
  let all = 0;
  for (let row = 0; row < at.length; row++) {
    if (at[row] > until) continue;
    over++;
    if (answers[row] >= least) all++;
  }
  const usual = (all + 0.5) / (over + 1);
  const rows = new Int32Array(over);
  const cells = new Uint16Array(over);
  const answered = new Uint8Array(over);
  let next = 0;
  for (let from = 0; from < contacts.length; ) {
    let to = from;
    let sent = 0;
    let came = 0;
    for (; to < contacts.length && contacts[to] === contacts[from]; to++)
      if (at[to] <= until) {
        sent++;
        if (answers[to] >= least) came++;
      }
    let lastAnswer = -Infinity;
    let week = from;
    let known = from;
    for (let row = from; row < to; row++) {
      // an answer that could still have come is not known yet
      for (; at[known] <= at[row] - answerHours * hour; known++)
        if (answers[known] >= least) lastAnswer = at[known];
      while (at[week] <= at[row] - 7 * day) week++;
      if (at[row] > until) continue;
      const own = answers[row] >= least ? 1 : 0;
      const rate = (came - own + rateWeight * usual) / (sent - 1 + rateWeight);
      const recency =
        row === from ? 0 : lastAnswer === -Infinity ? 1 : at[row] - lastAnswer > 30 * day ? 2 : 3;
      const before = row - week;
      const fatigue = before === 0 ? 0 : before === 1 ? 1 : before <= 3 ? 2 : 3;
      rows[next] = row;
      cells[next] = (bucketOf(Math.log(rate / usual)) * recencies + recency) * fatigues + fatigue;
      answered[next++] = own;
    }
    from = to;
  }
  return { rows, cells, answered };
}

function bucketOf(value: number): number {
  let bucket = 0;
  while (bucket < rateEdges.length && value >= rateEdges[bucket]) bucket++;
  return bucket;
}
