import { InchwormError, type Instant } from "@inchworm/spec";
import { clockOf, unknownZone } from "../scorers/segment-time-zone.js";
import { cluesOf, type Reliabilities } from "./clues.js";
import type { Clue, ContactPlace, PlacedZone, ResolvedZone, ZoneResolver } from "./types.js";
import { zoneNamed } from "./zone-name.js";

export interface ResolveOptions {
  /** The day whose clocks are compared: zones that showed the same time all that year are one. */
  readonly asOf: Instant;
  readonly resolvers?: readonly ZoneResolver[];
  /** By name of the evidence, in place of what is usual. */
  readonly reliabilities?: Reliabilities;
  /** Below this a zone is not told. Defaults to 0.8. */
  readonly leastConfidence?: number;
}

export const leastConfidence = 0.8;
/** Clocks that people live by, give or take: what speaks false says any of them. */
const clocks = 25;
const resolverConfidence = 0.95;
/** A clue that gives a clock less of its belief than this speaks against it. */
const little = 0.05;

/**
 * The zone of each place, all that is known of it weighed together: independent clues, each true with its own reliability and
 * otherwise any of the world's clocks (naive Bayes). Clues that disagree lower the confidence.
 *
 * @throws InchwormError "config" when a resolver does not answer for every place
 */
export async function resolveZones(
  places: readonly ContactPlace[],
  options: ResolveOptions,
): Promise<readonly PlacedZone[]> {
  const clues = places.map((place) => cluesOf(place, options.reliabilities));
  for (const resolver of options.resolvers ?? []) {
    const answers = await ask(resolver, places);
    for (const [index, clue] of answers.entries()) if (clue) clues[index].push(clue);
  }
  const clockOfZone = new Map<string, string>();
  const clock = (zone: string): string => {
    let found = clockOfZone.get(zone);
    if (found === undefined) {
      found = clockOf(zone, options.asOf);
      clockOfZone.set(zone, found);
    }
    return found;
  };
  const least = options.leastConfidence ?? leastConfidence;
  return clues.map((own) => weighed(own, clock, least));
}

/** Each resolver is asked once about each place that differs in the columns it looks at. */
async function ask(
  resolver: ZoneResolver,
  places: readonly ContactPlace[],
): Promise<readonly (Clue | undefined)[]> {
  const differing = new Map<string, number>();
  const questions: ContactPlace[] = [];
  const which = places.map((place) => {
    const seen = resolver.columns.filter((column) => place[column] !== undefined);
    const question = Object.fromEntries(seen.map((column) => [column, place[column]]));
    const key = JSON.stringify(question);
    const known = differing.get(key) ?? questions.length;
    if (known === questions.length) {
      differing.set(key, known);
      questions.push(question);
    }
    return known;
  });
  const answers = await resolver.resolve(questions);
  if (answers.length !== questions.length)
    throw new InchwormError(
      "config",
      `The zone resolver "${resolver.name}" gave ${answers.length} answers for ${questions.length} places.`,
      { hint: "Give one per place, in order; undefined where the zone is not known." },
    );
  const clues = answers.map((answer) => clueOf(resolver.name, answer));
  return which.map((index) => clues[index]);
}

function clueOf(evidence: string, answer: ResolvedZone | string | undefined): Clue | undefined {
  if (answer === undefined) return undefined;
  const { zone: text, confidence = resolverConfidence } =
    typeof answer === "string" ? { zone: answer } : answer;
  const zone = zoneNamed(text);
  if (zone === undefined || !(confidence > 0 && confidence <= 1)) return undefined;
  return { evidence, shares: [{ zone, share: 1 }], reliability: Math.min(0.999, confidence) };
}

interface Belief {
  readonly zone: string;
  readonly best: number;
  /** By place of the clue. */
  readonly shares: number[];
}

function weighed(
  clues: readonly Clue[],
  clock: (zone: string) => string,
  least: number,
): PlacedZone {
  const beliefs = new Map<string, Belief>();
  for (const [index, { shares, reliability }] of clues.entries())
    for (const { zone, share } of shares) {
      const key = clock(zone);
      if (key === unknownZone) continue;
      const held = beliefs.get(key);
      const trust = share * reliability;
      const sum = held?.shares ?? clues.map(() => 0);
      sum[index] += share;
      // of zones that show the same time, the name that is the likeliest by the surest clue
      beliefs.set(
        key,
        held === undefined || trust > held.best ? { zone, best: trust, shares: sum } : held,
      );
    }
  if (beliefs.size === 0) return { confidence: 0, evidence: [], against: [], candidates: [] };
  const likelihood = (shareOf: (index: number) => number) =>
    clues.reduce(
      (product, { reliability }, index) =>
        product * (reliability * shareOf(index) + (1 - reliability) / clocks),
      1,
    );
  const named = [...beliefs.values()].map(({ zone, shares }) => ({
    zone,
    shares,
    weight: likelihood((index) => shares[index]),
  }));
  const elsewhere = Math.max(0, clocks - beliefs.size) * likelihood(() => 0);
  const total = named.reduce((sum, { weight }) => sum + weight, elsewhere);
  named.sort((one, other) => other.weight - one.weight || (one.zone < other.zone ? -1 : 1));
  const [{ zone, shares, weight }] = named;
  const confidence = weight / total;
  const trust = clues.map(({ reliability }, index) => shares[index] * reliability);
  const order = [...clues.keys()].sort((one, other) => trust[other] - trust[one]);
  const told = (those: (share: number) => boolean) =>
    order.filter((index) => those(shares[index])).map((index) => clues[index].evidence);
  return {
    ...(confidence >= least && { zone }),
    confidence,
    evidence: told((share) => share >= little),
    against: told((share) => share < little),
    candidates: named.map((one) => ({ zone: one.zone, share: one.weight / total })),
  };
}
