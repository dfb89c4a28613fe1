import {
  random,
  type Sends,
  type SendTimeModel,
  type TimingHistory,
  weekHours,
} from "@inchworm/learn";

/** Which contacts' rhythms are drawn from, at most. */
const mostOthers = 256;

/** Draws of people's curves by hour of the week, row-major: contacts × 168, one array per draw. */
export type DrawnHours = readonly Float32Array[];

/**
 * Draws from what is known of each contact's hours, as Thompson sampling takes them: the answers seen are weighed at random (bootstrap
 * Thompson sampling, Eckles & Kaptein 2014), and as far as a contact's own answers do not tell, the rhythm of another contact drawn at
 * random stands in, as a draw from before anything was known. Where both are normal this is the posterior to the letter. A contact's
 * draws depend on the seed, the contact and its history alone.
 *
 * @param contacts the contacts' numbers
 * @param ownShare how much of each answer is the contact's own
 */
export function drawHours(
  model: SendTimeModel,
  history: TimingHistory,
  contacts: Int32Array,
  ownShare: Float64Array,
  { draws, seed, others }: { draws: number; seed: number; others: Float32Array },
): DrawnHours {
  const streams = Array.from(contacts, (contact) => random(seed, contact + 1));
  const rhythms = others.length / weekHours;
  return Array.from({ length: draws }, () => {
    const drawn = model.probabilities(weighed(history, streams));
    for (const [row, { below }] of streams.entries()) {
      if (rhythms === 0) continue;
      const other = below(rhythms) * weekHours;
      const open = 1 - ownShare[row];
      for (let cell = 0; cell < weekHours; cell++)
        drawn[row * weekHours + cell] *= 1 + open * (others[other + cell] - 1);
    }
    return drawn;
  });
}

/** Every entry weighed by a draw of the exponential distribution. */
function weighed(
  { sends, activity, ...rest }: TimingHistory,
  streams: readonly { readonly uniform: () => number }[],
): TimingHistory {
  const counts = ({ offsets }: Pick<Sends, "offsets">): Float64Array => {
    const all = new Float64Array(offsets[offsets.length - 1]);
    for (const [row, { uniform }] of streams.entries())
      for (let entry = offsets[row]; entry < offsets[row + 1]; entry++)
        all[entry] = -Math.log(1 - uniform());
    return all;
  };
  return {
    ...rest,
    ...(sends && { sends: { ...sends, counts: counts(sends) } }),
    ...(activity && { activity: { ...activity, counts: counts(activity) } }),
  };
}

/** Rhythms of contacts with a time of their own: their curves over everyone's, the mean of each 1. */
export function rhythmsOf(model: SendTimeModel, history: TimingHistory): Float32Array {
  const curves = model.probabilities(history);
  const { reason } = model.best(history);
  const rows = [...reason.keys()].filter((row) => reason[row] === 0).slice(0, mostOthers);
  const rhythms = new Float32Array(rows.length * weekHours);
  for (const [place, row] of rows.entries()) {
    const own = curves.subarray(row * weekHours, (row + 1) * weekHours);
    let level = 0;
    for (let cell = 0; cell < weekHours; cell++)
      level += own[cell] / model.everyone[cell] / weekHours;
    for (let cell = 0; cell < weekHours; cell++)
      rhythms[place * weekHours + cell] = own[cell] / model.everyone[cell] / level;
  }
  return rhythms;
}
