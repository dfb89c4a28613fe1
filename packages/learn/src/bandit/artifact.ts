import { type ArtifactReader, badArtifact, makeArtifact } from "../artifact.js";
import type { Artifact } from "../types.js";
import { type Ridge, solve } from "./ridge.js";
import type { BanditState, Settings, Waiting } from "./state.js";

export const kind = "bandit";
export const version = 1;

export function saveBandit(state: BanditState): Artifact {
  const { settings, active, known, waiting, seen, mean, weight, lowest, highest } = state;
  const { halfLife, ...rest } = settings;
  return makeArtifact(kind, version, {
    // JSON knows no infinity: what is not there is one
    settings: { ...rest, ...(halfLife < Infinity && { halfLife }) },
    arms: Array.from(known, ([name, arm]) => ({
      name,
      moments: Array.from(arm.moments),
      sums: Array.from(arm.sums),
      inverse: Array.from(arm.inverse),
      seen: arm.seen,
      updates: arm.updates,
    })),
    active: [...active],
    waiting: Array.from(waiting.values(), ({ choice, x }) => ({
      ...choice,
      probabilities: Array.from(choice.probabilities),
      x: Array.from(x),
    })),
    seen,
    mean,
    weight,
    ...(highest >= lowest && { lowest, highest }),
  });
}

const count = { min: 0, integer: true };

export function readBandit(data: ArtifactReader): BanditState {
  const from = data.object("settings");
  const features = from.number("features", { min: 0, max: 1000, integer: true });
  const settings: Settings = {
    features,
    method: from.choice("method", ["square-cb", "thompson", "lin-ucb"]),
    seed: from.number("seed", count),
    share: from.number("share", { min: 0, max: 1 }),
    halfLife: from.has("halfLife") ? from.number("halfLife", { min: Number.MIN_VALUE }) : Infinity,
    ridge: from.number("ridge", { min: Number.MIN_VALUE }),
    greed: from.number("greed", { min: Number.MIN_VALUE }),
    width: from.number("width", { min: 0 }),
  };
  const known = new Map<string, Ridge>();
  for (const one of data.objects("arms")) {
    const arm = readRidge(one, features + 1, settings.ridge);
    known.set(one.text("name"), arm);
  }
  const active = new Set(data.texts("active"));
  for (const name of active)
    if (!known.has(name)) throw badArtifact(kind, "an arm is not described");
  const waiting = new Map<string, Waiting>();
  for (const one of data.objects("waiting")) {
    const arms = one.texts("arms");
    const choice = {
      id: one.text("id"),
      arm: one.text("arm"),
      propensity: one.number("propensity", { min: 0, max: 1 }),
      arms,
      probabilities: one.numbers("probabilities", { length: arms.length, min: 0, max: 1 }),
    };
    if (!known.has(choice.arm)) throw badArtifact(kind, "a choice is of an unknown arm");
    waiting.set(choice.id, { choice, x: one.numbers("x", { length: features + 1 }) });
  }
  return {
    settings,
    active,
    known,
    waiting,
    seen: data.number("seen", count),
    mean: data.number("mean"),
    weight: data.number("weight", { min: 0 }),
    lowest: data.has("lowest") ? data.number("lowest") : Infinity,
    highest: data.has("highest") ? data.number("highest") : -Infinity,
  };
}

function readRidge(one: ArtifactReader, size: number, ridge: number): Ridge {
  const square = { length: size * size };
  const arm: Ridge = {
    // lengths are looked at before anything of that size is made
    moments: one.numbers("moments", square),
    inverse: one.numbers("inverse", square),
    sums: one.numbers("sums", { length: size }),
    weights: new Float64Array(size),
    lean: new Float64Array(size),
    seen: one.number("seen", count),
    updates: one.number("updates", count),
  };
  solve(arm, ridge);
  return arm;
}
