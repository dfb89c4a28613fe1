import { badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import type { Artifact } from "../types.js";
import { binCount, weekDays } from "./bins.js";
import type { Fitted } from "./fitted.js";
import { priorOf } from "./prior.js";
import { delayCount } from "./tally.js";
import { reactions, windowHours } from "./types.js";

const version = 1;
const mostRhythms = 5000;

export function save(kind: string, fitted: Fitted): Artifact {
  const { reading, everyone, weighing, prior } = fitted;
  return makeArtifact(kind, version, {
    basis: fitted.basis,
    reading: reading.reading,
    decay: Array.from(reading.decay),
    answered: Array.from(reading.answered),
    usual: reading.usual,
    days: Array.from(reading.days),
    events: Array.from(everyone.events),
    exposure: Array.from(everyone.exposure),
    everyone: Array.from(everyone.rates),
    mean: everyone.mean,
    answers: [...weighing.answers],
    acts: [...weighing.acts],
    actScale: Array.from(fitted.acts),
    weights: Array.from(prior.weights),
    rates: Array.from(prior.rates),
    spread: prior.spread,
    trust: fitted.trust,
    ...(fitted.pull < Infinity && { pull: fitted.pull }),
    groups: Array.from(fitted.groups),
    tried: Array.from(fitted.tried),
    leastEvents: fitted.leastEvents,
    heldOut: { ...fitted.heldOut },
  });
}

/** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
export function open(kind: string, artifact: Artifact): Fitted {
  const data = openArtifact(artifact, kind, version);
  const rate = { min: 1e-300, max: 1e12 };
  const weights = data.numbers("weights", { min: 0, max: 1 });
  const count = weights.length;
  if (count === 0 || count > mostRhythms) throw badArtifact(kind, `it holds ${count} rhythms`);
  const groups = data.numbers("groups", { min: 0, max: 1 });
  if (groups.length % count !== 0) throw badArtifact(kind, `"groups" does not fit "weights"`);
  const acts = data.numbers("actScale", { ...rate, length: binCount });
  const rates = data.numbers("rates", { ...rate, length: count * binCount });
  const heldOut = data.object("heldOut");
  return {
    basis: data.choice("basis", ["sends", "activity"] as const),
    reading: {
      reading: data.choice("reading", ["at sending", "later"] as const),
      decay: data.numbers("decay", { min: 0, max: 1, length: delayCount }),
      answered: data.numbers("answered", { min: 0, max: 1.000001, length: delayCount }),
      usual: data.number("usual", { min: 0, max: windowHours, integer: true }),
      days: data.numbers("days", { min: 1e-6, max: 1e6, length: weekDays }),
    },
    everyone: {
      events: data.numbers("events", { min: 0, length: binCount }),
      exposure: data.numbers("exposure", { min: 0, length: binCount }),
      rates: data.numbers("everyone", { ...rate, length: binCount }),
      mean: data.number("mean", { min: 0 }),
    },
    weighing: {
      answers: [...data.numbers("answers", { min: 0, max: 1e6, length: reactions.length })],
      acts: [...data.numbers("acts", { min: 0, max: 1e6, length: reactions.length })],
    },
    acts,
    prior: priorOf(rates, weights, data.number("spread", { min: 1e-6, max: 1e6 }), acts),
    trust: data.number("trust", { min: 0, max: 1 }),
    pull: data.has("pull") ? data.number("pull", { min: 1e-6 }) : Infinity,
    groups,
    tried: Uint8Array.from(
      data.numbers("tried", { min: 0, max: 1, integer: true, length: binCount }),
    ),
    leastEvents: data.number("leastEvents", { min: 0 }),
    heldOut: {
      events: heldOut.number("events", { min: 0 }),
      model: heldOut.number("model"),
      global: heldOut.number("global"),
      unshrunk: heldOut.number("unshrunk"),
    },
  };
}
