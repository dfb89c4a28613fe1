import type { Split } from "./rows.js";

/** Watches the validation loss while trees grow. */
export interface Stopper {
  /** Mean loss on the validation rows after each round. */
  readonly losses: readonly number[];
  /** True once the loss has not fallen for `patience` rounds. */
  after(margins: readonly Float32Array[]): boolean;
}

/** `judge` says what a validation row's margins cost and what it weighs; `place` counts in training order. */
export function stopper(
  { rows, trained }: Split,
  patience: number,
  judge: (place: number, margins: readonly number[]) => { loss: number; weight: number },
): Stopper {
  const losses: number[] = [];
  let best = Infinity;
  let waited = 0;
  return {
    losses,
    after(margins) {
      if (trained === rows) return false;
      const own: number[] = margins.map(() => 0);
      let sum = 0;
      let total = 0;
      for (let index = 0; index < rows - trained; index++) {
        for (let k = 0; k < own.length; k++) own[k] = margins[k][index];
        const { loss, weight } = judge(trained + index, own);
        sum += loss * weight;
        total += weight;
      }
      const mean = sum / total;
      losses.push(mean);
      waited = mean < best ? 0 : waited + 1;
      best = Math.min(best, mean);
      return patience > 0 && waited >= patience;
    },
  };
}

/** The round with the lowest sum of the folds' losses, among those that all of them reached. */
export function bestRound(losses: readonly (readonly number[])[]): number {
  const rounds = Math.min(...losses.map((curve) => curve.length));
  let best = 0;
  let lowest = Infinity;
  for (let round = 0; round < rounds; round++) {
    const sum = losses.reduce((total, curve) => total + curve[round], 0);
    if (sum < lowest) {
      lowest = sum;
      best = round;
    }
  }
  return best;
}
