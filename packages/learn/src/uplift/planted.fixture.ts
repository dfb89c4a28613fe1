import { random } from "../random.js";
import type { Table } from "../types.js";
import type { UpliftTrial } from "./types.js";

export interface PlantedTrial extends UpliftTrial {
  /** By treated arm: the true effect on each person. */
  readonly truth: readonly Float64Array[];
}

export interface PlantedOptions {
  readonly rows: number;
  readonly seed: number;
  /** By treated arm: the effect on the probability of the outcome, given "recency" (standard normal) and "channel" (0, 1 or 2). */
  readonly effects: readonly ((recency: number, channel: number) => number)[];
  /** Chance of each treated arm. Defaults to equal shares for all arms. */
  readonly chances?: (recency: number) => readonly number[];
  /** An amount with noise instead of 0 or 1. */
  readonly amounts?: boolean;
}

const channels = ["phone", "web", "shop"];

/** People of whom is known what each arm does to them. One value in twenty is missing. */
export function plantedTrial(options: PlantedOptions): PlantedTrial {
  const { rows, seed, effects, amounts = false } = options;
  const draws = random(seed);
  const even = effects.map(() => 1 / (effects.length + 1));
  const recency = new Float32Array(rows);
  const visits = new Float32Array(rows);
  const noise = new Float32Array(rows);
  const codes = new Int32Array(rows);
  const arm = new Int32Array(rows);
  const outcome = new Float64Array(rows);
  const propensities = new Float64Array(rows * (effects.length + 1));
  const truth = effects.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const own = draws.normal();
    const visited = draws.normal();
    const channel = draws.below(3);
    recency[row] = draws.uniform() < 0.05 ? Number.NaN : own;
    visits[row] = visited;
    noise[row] = draws.normal();
    codes[row] = draws.uniform() < 0.05 ? -1 : channel;
    const chances = options.chances?.(own) ?? even;
    const control = 1 - chances.reduce((sum, chance) => sum + chance, 0);
    propensities.set([control, ...chances], row * (effects.length + 1));
    let left = draws.uniform() - control;
    while (left >= 0 && arm[row] < effects.length) left -= chances[arm[row]++];
    for (const [place, effect] of effects.entries()) truth[place][row] = effect(own, channel);
    const base = 0.3 / (1 + Math.exp(-visited)) + 0.1;
    const expected = base + (arm[row] > 0 ? truth[arm[row] - 1][row] : 0);
    outcome[row] = amounts
      ? 10 * expected + draws.normal()
      : Number(draws.uniform() < Math.min(1, Math.max(0, expected)));
  }
  const table: Table = {
    rows,
    columns: [
      { name: "recency", kind: "number", values: recency },
      { name: "visits", kind: "number", values: visits },
      { name: "noise", kind: "number", values: noise },
      { name: "channel", kind: "category", codes, levels: channels },
    ],
  };
  const arms = ["nothing", ...effects.map((_, place) => `mail ${place + 1}`)];
  return {
    table,
    arms,
    arm,
    outcome,
    truth,
    ...(options.chances && { propensities }),
  };
}
