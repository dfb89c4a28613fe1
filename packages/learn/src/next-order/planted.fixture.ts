import { random } from "../random.js";
import type { GapParameters } from "./likelihood.js";

export interface PlantedShop {
  readonly offsets: Int32Array;
  readonly days: Int32Array;
  readonly asOf: number;
  readonly groups: Int32Array;
  /** Days from `asOf` to the next order (0 = the day `asOf`); `Infinity` for one who has stopped. */
  readonly next: Float64Array;
}

export interface PlantedOptions {
  readonly customers: number;
  readonly seed: number;
  readonly historyDays?: number;
  /** Added to the location of every second customer. */
  readonly groupShift?: number;
  /** Weekdays (Sunday = 0) on which an order waits for the next day. */
  readonly closed?: readonly number[];
}

/** Customers drawn from the model itself, each cut off on the same day. */
export function plantedShop(truth: GapParameters, options: PlantedOptions): PlantedShop {
  const { customers, seed, historyDays = 720, groupShift = 0, closed = [] } = options;
  const { uniform, normal } = random(seed);
  const gamma = (shape: number): number => {
    // Marsaglia & Tsang 2000
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const third = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const cube = (1 + x / Math.sqrt(9 * third)) ** 3;
      if (cube > 0 && Math.log(1 - uniform()) < 0.5 * x * x + third * (1 - cube + Math.log(cube)))
        return third * cube;
    }
  };
  const asOf = 20_000;
  const opened = (time: number): number => {
    let day = Math.floor(time);
    while (closed.includes((day + 4) % 7)) day++;
    return day;
  };
  const offsets = Int32Array.of(0, ...new Int32Array(customers));
  const days: number[] = [];
  const next = new Float64Array(customers).fill(Infinity);
  const groups = Int32Array.from({ length: customers }, (_, customer) => customer % 2);
  for (let customer = 0; customer < customers; customer++) {
    const variance = truth.scale / gamma(truth.shape);
    const centre = truth.location + groups[customer] * groupShift;
    const mean = centre + Math.sqrt(variance / truth.trust) * normal();
    const stops = gamma(truth.stop);
    const stop = stops / (stops + gamma(truth.stay));
    let time = asOf - historyDays * uniform();
    while (time < asOf) {
      days.push(opened(time));
      if (uniform() < stop) break;
      time += Math.exp(mean + Math.sqrt(variance) * normal());
      if (opened(time) >= asOf) {
        next[customer] = opened(time) - asOf;
        break;
      }
    }
    offsets[customer + 1] = days.length;
  }
  return { offsets, days: Int32Array.from(days), asOf, groups, next };
}
