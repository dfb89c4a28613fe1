import { holm, populationStability, recount, type TwoSample } from "@inchworm/learn";
import type { ModelCard } from "@inchworm/spec";
import type { Drift, Moved } from "@inchworm/store";
import { clocks, leanedOn } from "./leaned.js";
import type { Look } from "./look.js";
import type { Reference } from "./reference.js";

/** Chance of saying "train again" when nothing has changed. */
const alpha = 0.05;
/** The least effect that matters: two normal distributions a third of a standard deviation apart. */
const leastEffect = 0.1;
/** A feature that was restless before training must move so many times as far. */
const asRestless = 2;
const mostNamed = 3;
/** Stands among what is compared for all of it together; no feature's name has blanks. */
const together = "all together";

/**
 * What has moved since training: by the population stability index, its p-value (corrected by Holm for all that is compared) and its
 * effect; and, where `apart` is given, whether people of then and of now can be told apart by all of it together. Advises to train again only where something the model leans on, or the score, moved beyond chance, far enough to matter
 * and farther than it used to move between the days before training.
 */
export function driftSince(
  reference: Reference,
  now: Look,
  card: ModelCard,
  apart?: TwoSample,
): Drift | undefined {
  const compared: { name: string; effect: number; p: number; restless: number }[] = [];
  for (const { name, histogram, restless } of reference.features) {
    const values = now.features.get(name);
    if (values)
      compared.push({
        name,
        restless,
        ...populationStability(histogram, recount(histogram, values)),
      });
  }
  if (reference.score && now.scores) {
    const { histogram, restless } = reference.score;
    const stability = populationStability(histogram, recount(histogram, now.scores));
    compared.push({ name: "", restless, ...stability });
  }
  if (compared.length === 0) return undefined;
  if (apart) compared.push({ name: together, restless: reference.joint ?? 0, ...apart });
  const corrected = holm(compared.map(({ p }) => p));
  const all = compared.map(({ name, effect, restless }, index): Moved => {
    const least = Math.max(leastEffect, asRestless * restless);
    const p = corrected[index];
    return {
      name,
      effect,
      p,
      least,
      moved: p < alpha && effect >= least,
      ...(clocks.test(name) && { clock: true }),
    };
  });
  const features = all
    .filter(({ name }) => name !== "" && name !== together)
    .sort((left, right) => right.effect - left.effect);
  const score = all.find(({ name }) => name === "");
  const leaned = leanedOn(
    card,
    features.map(({ name }) => name),
  );
  const culprits = features.filter(
    (feature) => feature.moved && !feature.clock && leaned(feature.name),
  );
  const joint = jointOf(
    all.find(({ name }) => name === together),
    apart,
  );
  const retrain = culprits.length > 0 || score?.moved === true || joint?.moved === true;
  return {
    since: reference.asOf,
    rows: [reference.rows, now.rows],
    retrain,
    because: because(culprits, score, joint, features, reference),
    ...(score && { score: { ...score, name: "score" } }),
    ...(joint && { joint }),
    features,
  };
}

const mostTelling = 3;

function jointOf(moved: Moved | undefined, apart: TwoSample | undefined): Drift["joint"] {
  if (!moved || !apart) return undefined;
  const { value, low, high } = apart.auc;
  const by = apart.drivers
    .filter(({ weight }) => weight > 0)
    .slice(0, mostTelling)
    .map(({ column }) => column);
  return { ...moved, auc: [value, low, high], by };
}

function because(
  culprits: readonly Moved[],
  score: Moved | undefined,
  joint: Drift["joint"],
  features: readonly Moved[],
  { asOf }: Reference,
): string {
  const since = `since the training of ${new Date(asOf).toISOString().slice(0, 10)}`;
  const told = ({ effect, p }: Moved) =>
    `effect ${effect.toFixed(2)}, p ${p < 0.001 ? "< 0.001" : p.toFixed(3)}`;
  const parts = culprits.slice(0, mostNamed).map((moved) => `${moved.name} (${told(moved)})`);
  if (culprits.length > mostNamed) parts.push(`${culprits.length - mostNamed} more features`);
  if (score?.moved) parts.unshift(`the scores (${told(score)})`);
  if (joint?.moved) {
    const [value, low, high] = joint.auc.map((share) => share.toFixed(2));
    parts.push(
      `people of then and now can be told apart (AUC ${value}, ${low} to ${high}) by ${joint.by.join(", ")} together`,
    );
  }
  if (parts.length > 0)
    return `Moved ${since}: ${parts.join(", ")}. See that all of history still comes in, then train again.`;
  const other = features.filter(({ moved }) => moved);
  if (other.length === 0)
    return `Nothing has moved ${since} beyond chance and far enough to matter.`;
  const names = other.slice(0, mostNamed).map(({ name }) => name);
  return `Nothing that matters to the model has moved ${since}; ${names.join(", ")} ${names.length === 1 ? "has" : "have"}, as the calendar or without weight in it.`;
}
