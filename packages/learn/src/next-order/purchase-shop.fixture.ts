import { random } from "../random.js";
import type { PlantedShop } from "./planted.fixture.js";

export type PurchaseTruth =
  | { readonly model: "bg-nbd"; r: number; alpha: number; a: number; b: number }
  | { readonly model: "pareto-nbd"; r: number; alpha: number; s: number; beta: number };

/** Customers who order at random and leave unseen, each cut off on the same day. Times in days. */
export function purchaseShop(
  truth: PurchaseTruth,
  {
    customers,
    seed,
    historyDays = 720,
  }: { readonly customers: number; readonly seed: number; readonly historyDays?: number },
): Omit<PlantedShop, "groups"> {
  const { uniform, normal } = random(seed);
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
  const wait = (rate: number) => -Math.log(1 - uniform()) / rate;
  const asOf = 20_000;
  const offsets = Int32Array.of(0, ...new Int32Array(customers));
  const days: number[] = [];
  const next = new Float64Array(customers).fill(Infinity);
  for (let customer = 0; customer < customers; customer++) {
    const rate = gamma(truth.r) / truth.alpha;
    let time = asOf - historyDays * uniform();
    let leaves = Infinity;
    let leave = 0;
    if (truth.model === "pareto-nbd") leaves = time + wait(gamma(truth.s) / truth.beta);
    else {
      const leaving = gamma(truth.a);
      leave = leaving / (leaving + gamma(truth.b));
    }
    days.push(Math.floor(time));
    for (;;) {
      time += wait(rate);
      if (time > leaves) break;
      if (time >= asOf) {
        next[customer] = Math.floor(time) - asOf;
        break;
      }
      days.push(Math.floor(time));
      if (uniform() < leave) break;
    }
    offsets[customer + 1] = days.length;
  }
  return { offsets, days: Int32Array.from(days), asOf, next };
}
