import { type Random, random } from "../random.js";
import type { Purchases, Spending } from "./types.js";

/** Customers drawn from a model itself, and what came of them. */
export interface PlantedShop {
  readonly purchases: Purchases;
  readonly spending: Spending;
  /** Purchases in the horizon after the age, and what was spent on them. */
  readonly later: Float64Array;
  readonly laterSpend: Float64Array;
  readonly alive: readonly boolean[];
}

export interface PlantedOptions {
  readonly customers: number;
  readonly seed: number;
  /** Ages are spread evenly from half of this to this. Defaults to 40. */
  readonly age?: number;
  /** Defaults to 30. */
  readonly horizon?: number;
  readonly spend?: { readonly p: number; readonly q: number; readonly v: number };
}

export type Letters<L extends string> = Readonly<Record<L, number>>;
export type PlantedModel =
  | ({ readonly model: "bg-nbd" | "mbg-nbd" } & Letters<"r" | "alpha" | "a" | "b">)
  | ({ readonly model: "pareto-nbd" } & Letters<"r" | "alpha" | "s" | "beta">)
  | ({ readonly model: "nbd" } & Letters<"r" | "alpha">)
  | ({ readonly model: "bg-bb" } & Letters<"alpha" | "beta" | "gamma" | "delta">);

export function plantedShop(truth: PlantedModel, options: PlantedOptions): PlantedShop {
  const { customers, seed, age = 40, horizon = 30, spend = { p: 6, q: 4, v: 15 } } = options;
  const draw = draws(random(seed));
  const frequency = new Float64Array(customers);
  const recency = new Float64Array(customers);
  const ages = new Float64Array(customers);
  const monetary = new Float64Array(customers);
  const later = new Float64Array(customers);
  const laterSpend = new Float64Array(customers);
  const alive: boolean[] = [];
  for (let row = 0; row < customers; row++) {
    const end = truth.model === "bg-bb" ? age : Math.round(age * (1 + draw.uniform()) * 3.5) / 7;
    ages[row] = end;
    const rate = draw.gamma(spend.q) / spend.v;
    const path = truth.model === "bg-bb" ? opportunities : purchasesOf;
    let spent = 0;
    alive[row] = path(truth as never, draw, end, horizon, (at) => {
      const amount = draw.gamma(spend.p) / rate;
      if (at > end) {
        later[row]++;
        laterSpend[row] += amount;
      } else {
        frequency[row]++;
        recency[row] = at;
        spent += amount;
      }
    });
    monetary[row] = spent / frequency[row];
  }
  return {
    purchases: { rows: customers, frequency, recency, age: ages },
    spending: { rows: customers, frequency, monetary },
    later,
    laterSpend,
    alive,
  };
}

interface Draws extends Random {
  gamma(shape: number): number;
  beta(a: number, b: number): number;
  wait(rate: number): number;
}

function draws(from: Random): Draws {
  const { uniform, normal } = from;
  const gamma = (shape: number): number => {
    // Marsaglia & Tsang 2000
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const third = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const cube = (1 + x / Math.sqrt(9 * third)) ** 3;
      if (cube > 0 && Math.log(1 - uniform()) < 0.5 * x * x + third * (1 - cube + Math.log(cube)))
        return third * cube;
    }
  };
  return {
    ...from,
    gamma,
    beta(a, b) {
      const one = gamma(a);
      return one / (one + gamma(b));
    },
    wait: (rate) => -Math.log(1 - uniform()) / rate,
  };
}

/** In continuous time; tells whether the customer is still there at the end. */
function purchasesOf(
  truth: Exclude<PlantedModel, { model: "bg-bb" }>,
  draw: Draws,
  end: number,
  horizon: number,
  buy: (at: number) => void,
): boolean {
  const rate = draw.gamma(truth.r) / truth.alpha;
  let leaves = Infinity;
  let leave = 0;
  if (truth.model === "pareto-nbd") leaves = draw.wait(draw.gamma(truth.s) / truth.beta);
  if (truth.model === "bg-nbd" || truth.model === "mbg-nbd") leave = draw.beta(truth.a, truth.b);
  if (truth.model === "mbg-nbd" && draw.uniform() < leave) return false;
  for (let at = 0; ; ) {
    at += draw.wait(rate);
    if (at > leaves || at > end + horizon) return leaves > end;
    buy(at);
    if (leave > 0 && draw.uniform() < leave) return at > end;
  }
}

function opportunities(
  truth: Extract<PlantedModel, { model: "bg-bb" }>,
  draw: Draws,
  end: number,
  horizon: number,
  buy: (at: number) => void,
): boolean {
  const take = draw.beta(truth.alpha, truth.beta);
  const leave = draw.beta(truth.gamma, truth.delta);
  for (let at = 1; at <= end + horizon; at++) {
    if (draw.uniform() < leave) return at > end + 1;
    if (draw.uniform() < take) buy(at);
  }
  return true;
}
