import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { type Random, random } from "../random.js";
import { seedOf } from "../seed-of.js";
import { drawBeta } from "../special/draw-gamma.js";
import type { ExploredChoice } from "./types.js";

export interface ExplorationOptions {
  /** Another seed explores with other people. Defaults to 0. */
  readonly seed?: number;
  /** Share of decisions in which every allowed arm has the same chance; it keeps the weights of a later evaluation small. Defaults to 0.1. */
  readonly share?: number;
  /** Draws of the posterior for each decision that is not one of these. Defaults to 100. */
  readonly draws?: number;
}

export type Undecided = Decision &
  (
    | {
        /** Fills in one draw of what each arm is worth, jointly, from what is known of this person. */
        readonly draw: (draws: Random, worth: Float64Array) => void;
      }
    | {
        /** What the chances are besides the random share, where they are known in closed form; 0 for arms that are not allowed. */
        readonly chances: Float64Array;
      }
  );

export interface Decision {
  /** Who it is about: a stable id. */
  readonly person: string;
  /** What it is about, such as the campaign: a person explores in one and not in another. Defaults to "". */
  readonly occasion?: string;
  readonly arms: number;
  /** 0 for arms that cannot be chosen. Defaults to all can. */
  readonly allowed?: ArrayLike<number>;
}

/** Fills in one draw of what each arm is worth. */
export type Draw = Extract<Undecided, { draw: unknown }>["draw"];

export interface Exploration {
  /**
   * The same person, occasion and seed choose the same arm while the posterior is the same, and are in the random share whatever it is.
   *
   * @throws LearnError "input" when no arm is allowed, or a draw is not a number
   */
  choose(decision: Undecided): ExploredChoice;
}

const who = "exploration";
const defaults = { seed: 0, share: 0.1, draws: 100 } satisfies ExplorationOptions;
export const explorationConstraints: Constraints = {
  seed: { min: 0, integer: true },
  share: { min: 0, max: 1 },
  draws: { min: 1, max: 100_000, integer: true },
};

/**
 * Chooses by chance, so that the log can judge other policies later: a small share at random, else by Thompson sampling (Thompson
 * 1933). For that, draws are made of the posterior and one of them is followed. Over all seeds an arm is taken as often as Thompson
 * sampling takes it; and given the draws, the share of them in which it was best is its exact probability, whatever the posterior,
 * so that nothing about the logged propensities is approximate.
 */
export function exploration(options: ExplorationOptions = {}): Exploration {
  const { seed, share, draws } = { ...defaults, ...options };
  checkOptions(who, { seed, share, draws }, explorationConstraints);
  return {
    choose(decision) {
      const { person, occasion = "", arms, allowed } = decision;
      checkOptions(who, { arms }, { arms: { min: 1, integer: true } });
      const stream = random(seedOf(seed, person, occasion));
      const open: number[] = [];
      for (let arm = 0; arm < arms; arm++) if (!allowed || allowed[arm]) open.push(arm);
      if (open.length === 0) throw new LearnError("input", `${who}: no arm is allowed.`);
      const atRandom = stream.uniform() < share;
      const place = stream.uniform();
      const probabilities =
        "chances" in decision ? decision.chances.slice() : tally(decision, open, draws, stream);
      const arm = atRandom
        ? open[Math.floor(place * open.length)]
        : armAt(open, probabilities, place);
      for (const one of open)
        probabilities[one] = share / open.length + (1 - share) * probabilities[one];
      const by = atRandom ? "random" : "learned";
      return { arm, by, propensity: probabilities[arm], probabilities };
    },
  };
}

/** How often each arm is best, as a share of the draws. */
function tally(
  { arms, draw }: Extract<Undecided, { draw: unknown }>,
  open: readonly number[],
  draws: number,
  stream: Random,
): Float64Array {
  const shares = new Float64Array(arms);
  const worth = new Float64Array(arms);
  for (let round = 0; round < draws; round++) {
    draw(stream, worth);
    const { first, others } = bestOf(open, worth);
    const share = 1 / (draws * (1 + others.length));
    shares[first] += share;
    for (const arm of others) shares[arm] += share;
  }
  return shares;
}

const none: readonly number[] = [];

/** There are others where draws are equal. */
function bestOf(open: readonly number[], worth: Float64Array) {
  let first = open[0];
  let others = none;
  for (const arm of open) {
    if (Number.isNaN(worth[arm]))
      throw new LearnError("input", `${who}: the draw of arm ${arm} is not a number.`);
    if (worth[arm] > worth[first]) {
      first = arm;
      others = none;
    } else if (worth[arm] === worth[first] && arm !== first) others = [...others, arm];
  }
  return { first, others };
}

/** The arm at a place in [0, 1) when each has as much room as it has probability. */
function armAt(open: readonly number[], probabilities: Float64Array, place: number): number {
  let before = 0;
  let last = open[0];
  for (const arm of open) {
    if (probabilities[arm] === 0) continue;
    last = arm;
    before += probabilities[arm];
    if (place < before) break;
  }
  return last;
}

/** Draws of independent rates: each arm's successes and failures, on top of the prior's (Beta). Defaults to a prior of 1 and 1. */
export function rateDraws(
  successes: ArrayLike<number>,
  failures: ArrayLike<number>,
  prior: { readonly successes: number; readonly failures: number } = { successes: 1, failures: 1 },
): Draw {
  return (draws, worth) => {
    for (let arm = 0; arm < worth.length; arm++)
      worth[arm] = drawBeta(
        prior.successes + successes[arm],
        prior.failures + failures[arm],
        draws,
      );
  };
}

/** Draws of independent normal posteriors. */
export function normalDraws(means: ArrayLike<number>, deviations: ArrayLike<number>): Draw {
  return (draws, worth) => {
    for (let arm = 0; arm < worth.length; arm++)
      worth[arm] = means[arm] + deviations[arm] * draws.normal();
  };
}
