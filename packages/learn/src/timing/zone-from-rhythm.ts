import { breathe } from "../abort.js";
import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { binCount, binOfCell, dayOfCell } from "./bins.js";
import { type Fitted, triedBins } from "./fitted.js";
import { type Choice, drawForFit, settingsOf } from "./race.js";
import { open, save } from "./saved.js";
import { tally } from "./tally.js";
import { timeZoneClock } from "./time-zone-clock.js";
import type {
  Instants,
  LocatedInstants,
  TimingHistory,
  ZoneEstimator,
  ZoneGuesses,
  ZoneModel,
  ZoneOptions,
} from "./types.js";
import { reactions } from "./types.js";
import { zoneClasses } from "./zone-classes.js";

const kind = "zone-from-rhythm";
const defaults = { seed: 1, leastConfidence: 0.9 } satisfies Required<ZoneOptions>;
const constraints = {
  seed: { min: 0, integer: true },
  leastConfidence: { min: 0, max: 1 },
};
const choice: Choice = {
  reading: "at sending",
  shape: { width: 1.8, height: 3, base: "everyone" },
  refine: 5,
  trust: 0.85,
  pull: Infinity,
  actWeight: 1,
  weighed: false,
};
const weights = { open: 1, click: 1, visit: 1, order: 1 };
/** Offsets so many milliseconds apart count as the same answer. */
const near = 3_600_000;

/**
 * Time zones from when people are active, where nothing else tells. The rhythms that people of known zones have on their own clocks
 * (the mixture of `sendTimes`) give the likelihood of a person's events under each candidate's clock, daylight saving included; the
 * candidates' weights are the prior. Who lives unlike anybody known, or has too few events, gets no answer.
 */
export function zoneFromRhythm(options: ZoneOptions = {}): ZoneEstimator {
  const settings = { ...defaults, ...options };
  checkOptions(kind, settings, constraints);
  return {
    kind,
    async fit(known, { signal } = {}) {
      check(known);
      const history = localHistory(known);
      await breathe(signal);
      const counted = tally(history);
      if (counted.acts.every((count) => count === 0))
        throw new LearnError("input", `${kind}: nobody with a known zone has been active.`);
      const rows = drawForFit(history, settings.seed);
      const learned = settingsOf(history, counted, choice, weights, rows);
      const heldOut = { events: 0, model: 0, global: 0, unshrunk: 0 };
      const groups = new Float64Array(0);
      const tried = triedBins(learned, "activity");
      const fitted: Fitted = {
        ...learned,
        basis: "activity",
        leastEvents: 1,
        heldOut,
        groups,
        tried,
      };
      return model(fitted, settings.leastConfidence);
    },
    load: (artifact) => model(open(kind, artifact), settings.leastConfidence),
  };
}

function model(fitted: Fitted, leastConfidence: number): ZoneModel {
  const { prior, trust, reading } = fitted;
  const { count, logs, logWeek, weights } = prior;
  const byCell = Float64Array.from(dayOfCell, (day) => Math.log(reading.days[day]));
  const logWeights = weights.map(Math.log);
  const sums = new Float64Array(count);
  const bins = new Float64Array(binCount);

  /** Log-likelihood of events at these week hours, over all rhythms. */
  const likelihood = (cells: Uint8Array): number => {
    bins.fill(0);
    let day = 0;
    for (let event = 0; event < cells.length; event++) {
      bins[binOfCell[cells[event]]]++;
      day += byCell[cells[event]];
    }
    for (let rhythm = 0; rhythm < count; rhythm++) sums[rhythm] = -cells.length * logWeek[rhythm];
    for (let bin = 0; bin < binCount; bin++) {
      const many = bins[bin];
      if (many === 0) continue;
      for (let rhythm = 0; rhythm < count; rhythm++)
        sums[rhythm] += many * logs[bin * count + rhythm];
    }
    for (let rhythm = 0; rhythm < count; rhythm++)
      sums[rhythm] = trust * (sums[rhythm] + day) + logWeights[rhythm];
    return logSum(sums);
  };

  return {
    guess(activity, candidates) {
      check(activity);
      const classes = zoneClasses(kind, candidates, activity);
      const { contacts, offsets, instants } = activity;
      const guesses = {
        zones: new Int32Array(contacts).fill(-1),
        offsetMinutes: new Int16Array(contacts),
        confidence: new Float64Array(contacts),
      } satisfies ZoneGuesses;
      const chances = new Float64Array(classes.length);
      const shifts = new Float64Array(classes.length);
      for (let contact = 0; contact < contacts; contact++) {
        const own = instants.subarray(offsets[contact], offsets[contact + 1]);
        const last = own.reduce((latest, at) => Math.max(latest, at), -Infinity);
        const cells = new Uint8Array(own.length);
        classes.forEach(({ clock, prior: before }, place) => {
          chances[place] = before + likelihood(clock.weekHours(own, cells));
          shifts[place] = clock.offset(own.length > 0 ? last : 0);
        });
        const all = logSum(chances);
        let [best, sure] = [0, -1];
        for (let place = 0; place < classes.length; place++) {
          let close = 0;
          for (let other = 0; other < classes.length; other++)
            if (Math.abs(shifts[other] - shifts[place]) <= near)
              close += Math.exp(chances[other] - all);
          // of answers equally sure the likelier one
          const value = close + 1e-3 * Math.exp(chances[place] - all);
          if (value <= sure) continue;
          [best, sure] = [place, value];
          guesses.confidence[contact] = Math.min(1, close);
        }
        if (own.length === 0 || guesses.confidence[contact] < leastConfidence) continue;
        guesses.zones[contact] = classes[best].place;
        guesses.offsetMinutes[contact] = Math.round(shifts[best] / 60_000);
      }
      return guesses;
    },
    save: () => save(kind, fitted),
  };
}

function logSum(values: Float64Array): number {
  let most = -Infinity;
  for (const value of values) if (value > most) most = value;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

/** Everybody's events on the clock of their zone; those without a zone have none. */
function localHistory({
  contacts,
  offsets,
  instants,
  names,
  zones,
}: LocatedInstants): TimingHistory {
  if (zones.length !== contacts)
    throw new LearnError(
      "input",
      `${kind}: "zones" has ${zones.length} entries for ${contacts} contacts.`,
    );
  const clocks = names.map((name) => timeZoneClock(name));
  const cells = new Uint8Array(offsets[contacts]);
  const kinds = new Uint8Array(offsets[contacts]);
  const visit = reactions.indexOf("visit");
  for (let contact = 0; contact < contacts; contact++) {
    const zone = zones[contact];
    if (zone < 0) continue;
    if (zone >= clocks.length)
      throw new LearnError(
        "input",
        `${kind}: "zones" holds ${zone}, and there are ${names.length} names.`,
      );
    const [from, to] = [offsets[contact], offsets[contact + 1]];
    clocks[zone].weekHours(instants.subarray(from, to), cells.subarray(from, to));
    kinds.fill(visit, from, to);
  }
  return { contacts, activity: { offsets, cells, kinds } };
}

function check({ contacts, offsets, instants }: Instants): void {
  if (offsets.length !== contacts + 1 || offsets[0] !== 0)
    throw new LearnError(
      "input",
      `${kind}: "offsets" must have ${contacts + 1} entries and begin with 0.`,
    );
  for (let contact = 0; contact < contacts; contact++)
    if (offsets[contact + 1] < offsets[contact])
      throw new LearnError(
        "input",
        `${kind}: "offsets" must ascend, and does not at contact ${contact}.`,
      );
  if (instants.length < offsets[contacts])
    throw new LearnError(
      "input",
      `${kind}: "instants" has ${instants.length} entries, and offsets say ${offsets[contacts]}.`,
    );
}
