import { breathe } from "../abort.js";
import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { bestTimes, curves } from "./answer.js";
import { checkHistory } from "./check.js";
import {
  bestOf,
  everyoneByCell,
  type Fitted,
  groupWeights,
  openCells,
  triedBins,
} from "./fitted.js";
import { drawForFit, race, settingsOf } from "./race.js";
import { open, save } from "./saved.js";
import { tally } from "./tally.js";
import type { SendTimeEstimator, SendTimeModel, SendTimeOptions, TimingHistory } from "./types.js";

const kind = "send-times";
const defaults = {
  seed: 1,
  weights: { open: 1, click: 2, visit: 2.5, order: 3 },
  leastEvents: 2,
} satisfies SendTimeOptions;

const constraints = { seed: { min: 0, integer: true }, leastEvents: { min: 1 } };
const weightRange = { min: 0, max: 1000 };

/**
 * The best hour of the week to write to each contact.
 *
 * An answer within 24 hours of a send has a hazard: the person's level (gamma) times the person's rhythm (a mixture over a dictionary of
 * rhythms whose weights are the nonparametric maximum likelihood of all contacts, of the contact's group where groups are given) times
 * what is usual on the day of the week; what is left of the hazard after the window is the share that never answers. It is counted
 * against the sends that were tried in each hour, so an hour is not good because much was sent in it. Whether readers answer by the hour
 * of sending or at hours of their own after it is told by their delays; what rhythms look like, how far they follow the data and how far
 * a person's own events bend them is chosen by the log-likelihood of held-out sends.
 */
export function sendTimes(options: SendTimeOptions = {}): SendTimeEstimator {
  const settings = {
    ...defaults,
    ...options,
    weights: { ...defaults.weights, ...options.weights },
  };
  checkOptions(kind, settings, constraints);
  checkOptions(
    kind,
    settings.weights,
    Object.fromEntries(Object.keys(defaults.weights).map((name) => [name, weightRange])),
  );
  return {
    kind,
    async fit(history, { signal, onProgress } = {}) {
      checkHistory(kind, history);
      const used = withoutEmpty(history);
      await breathe(signal);
      const counted = tally(used);
      const sum = (values: Float64Array): number =>
        values.reduce((total, value) => total + value, 0);
      if (sum(counted.reacted) + sum(counted.acts) === 0)
        throw new LearnError("input", `${kind}: nobody in this history reacted to anything.`, {
          hint: "Pass sends with human reactions, or activity such as visits and orders.",
        });
      // sends that nobody answered say nothing of hours
      const known = sum(counted.reacted) === 0 ? actsOf(used) : used;
      const { weights, seed, leastEvents } = settings;
      const { choice, heldOut } = await race(known, counted, weights, seed, signal, onProgress);
      const rows = drawForFit(known, seed);
      const learned = settingsOf(known, counted, choice, weights, rows);
      await breathe(signal);
      const basis = known.sends ? "sends" : "activity";
      const groups = groupWeights(known, rows, learned);
      onProgress?.(1);
      return model({
        ...learned,
        basis,
        leastEvents,
        heldOut,
        groups,
        tried: triedBins(learned, basis),
      });
    },
    load: (artifact) => model(open(kind, artifact)),
  };
}

function withoutEmpty(history: TimingHistory): TimingHistory {
  const { contacts, sends, activity, groups, ordered } = history;
  const filled = (list: { offsets: Int32Array } | undefined): boolean =>
    (list?.offsets[contacts] ?? 0) > 0;
  return {
    contacts,
    ...(sends && filled(sends) && { sends }),
    ...(activity && filled(activity) && { activity }),
    ...(groups && { groups }),
    ...(ordered && { ordered }),
  };
}

function actsOf({ sends: _sends, ...rest }: TimingHistory): TimingHistory {
  return rest;
}

function model(fitted: Fitted): SendTimeModel {
  const everyone = everyoneByCell(fitted);
  /** What a model of acts alone would not know what to do with. */
  const readable = (history: TimingHistory): TimingHistory => {
    checkHistory(kind, history);
    if (fitted.basis === "sends") return history;
    return actsOf(
      history.activity ? history : { ...history, activity: noActivity(history.contacts) },
    );
  };
  return {
    basis: fitted.basis,
    reading: fitted.reading.reading,
    everyone,
    bestCell: bestOf(everyone, openCells(undefined, fitted.tried)),
    responded: fitted.reading.answered.slice(),
    heldOut: fitted.heldOut,
    best: (history, options = {}) => bestTimes(kind, fitted, readable(history), options),
    probabilities: (history) => curves(kind, fitted, readable(history)),
    save: () => save(kind, fitted),
  };
}

function noActivity(contacts: number) {
  return {
    offsets: new Int32Array(contacts + 1),
    cells: new Uint8Array(0),
    kinds: new Uint8Array(0),
  };
}
