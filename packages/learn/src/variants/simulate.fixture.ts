import { random } from "../random.js";
import { variantTest } from "./variant-test.js";

export interface SimulatedTest {
  readonly seed: number;
  readonly mode: "thompson" | "fixed";
  readonly variants?: number;
  /** People on the list, and of one batch. */
  readonly list?: number;
  readonly batch?: number;
  /** The mean rate, and the standard deviation of variants in log-odds. */
  readonly rate?: number;
  readonly spread?: number;
  /** The same of batches. */
  readonly hours?: number;
  /** Whether the winner goes to the rest. Defaults to yes. */
  readonly handOver?: boolean;
}

/**
 * A list that is written to batch by batch, the winner going to the rest once there is one: how many clicks were lost against always sending
 * the best, and which place the variant sent last truly has (1 = best).
 */
export function simulate(options: SimulatedTest): {
  regret: number;
  rank: number;
  stopped: number;
} {
  const {
    seed,
    mode,
    variants = 5,
    list = 40_000,
    batch = 2000,
    rate = 0.04,
    spread = 0.25,
    hours = 0.2,
    handOver = true,
  } = options;
  const draws = random(seed, 1);
  const base = Math.log(rate / (1 - rate));
  const worth = Array.from({ length: variants }, () => spread * draws.normal());
  const names = worth.map((_, at) => `variant ${at}`);
  const order = [...worth.keys()].sort((left, right) => worth[right] - worth[left]);
  let test = variantTest({ variants: names, mode, seed });
  let regret = 0;
  let stopped = list;
  let verdict = test.next(batch);
  for (let sent = 0; sent < list; sent += batch) {
    const level = base + hours * draws.normal();
    const rates = worth.map((own) => 1 / (1 + Math.exp(-level - own)));
    const best = Math.max(...rates);
    const counts = Object.fromEntries(
      verdict.standings.map(({ variant, share }, at) => {
        const shown = Math.round(share * batch);
        regret += shown * (best - rates[at]);
        const mean = shown * rates[at];
        const clicked = Math.round(mean + Math.sqrt(mean * (1 - rates[at])) * draws.normal());
        return [variant, { shown, clicked: Math.max(0, Math.min(shown, clicked)) }];
      }),
    );
    if (verdict.stop || !handOver) continue;
    test = test.add({ name: String(sent), counts });
    verdict = test.next(batch);
    if (verdict.stop) stopped = sent + batch;
  }
  const { standings } = verdict;
  const leader = standings.reduce((most, one) => (one.best > most.best ? one : most));
  const rank = 1 + order.indexOf(names.indexOf(verdict.winner ?? leader.variant));
  return { regret, rank, stopped };
}
