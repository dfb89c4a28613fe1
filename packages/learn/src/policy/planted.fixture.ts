import { random } from "../random.js";
import type { DecisionLog } from "./types.js";

export interface Planted {
  readonly log: DecisionLog;
  /** The policy to judge, row-major. */
  readonly policy: Float64Array;
}

export interface PlantedOptions {
  readonly seed: number;
  readonly rows: number;
  readonly actions: number;
  /** Mean reward. */
  readonly base: number;
  /** How strongly the log prefers what is better; below 0 what is worse. */
  readonly logged: number;
  /** The same of the policy to judge. */
  readonly judged: number;
  /** Share of the log's decisions made at random, so that weights are bounded. */
  readonly explored: number;
}

/** Rewards of 0 or 1 that depend on an action and on one number known of the person, and decisions that depend on both too. */
export function planted(options: PlantedOptions): Planted {
  const { seed, rows, actions, explored } = options;
  const draws = random(seed, 1);
  const log = {
    rows,
    actions: Array.from({ length: actions }, (_, index) => `offer ${index}`),
    action: new Int32Array(rows),
    propensity: new Float64Array(rows),
    reward: new Float64Array(rows),
  };
  const known = new Float32Array(rows);
  const policy = new Float64Array(rows * actions);
  for (let row = 0; row < rows; row++) {
    known[row] = draws.normal();
    const rates = ratesOf(options, known[row]);
    const judged = soften(rates, options.judged);
    policy.set(judged, row * actions);
    const logged = soften(rates, options.logged).map(
      (p) => (1 - explored) * p + explored / actions,
    );
    let left = draws.uniform();
    let action = 0;
    while (action < actions - 1 && left >= logged[action]) left -= logged[action++];
    log.action[row] = action;
    log.propensity[row] = logged[action];
    log.reward[row] = draws.uniform() < rates[action] ? 1 : 0;
  }
  const context = { rows, columns: [{ name: "known", kind: "number" as const, values: known }] };
  return { log: { ...log, context }, policy };
}

/** The mean reward that the judged policy truly earns, over many people. */
export function plantedValue(options: PlantedOptions): number {
  const draws = random(options.seed, 2);
  const people = 200_000;
  let sum = 0;
  for (let person = 0; person < people; person++) {
    const rates = ratesOf(options, draws.normal());
    const shares = soften(rates, options.judged);
    for (let action = 0; action < options.actions; action++) sum += shares[action] * rates[action];
  }
  return sum / people;
}

function ratesOf({ actions, base }: PlantedOptions, known: number): Float64Array {
  const spread = (action: number) => ((action * 7) % actions) / actions - 0.5;
  return Float64Array.from({ length: actions }, (_, action) =>
    Math.min(0.9, base * Math.exp(spread(action) + 0.4 * known * Math.sin(action + 1))),
  );
}

function soften(rates: Float64Array, strength: number): Float64Array {
  const weights = rates.map((rate) => rate ** (2 * strength));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
