/**
 * Inverse-gap weighting (Foster & Rakhlin 2020, SquareCB, algorithm 1): the arm that promises most gets what the others leave, and
 * each of those has 1 / (arms + greed × how much less it promises).
 */
export function inverseGap(promises: ArrayLike<number>, greed: number): Float64Array {
  const arms = promises.length;
  let best = 0;
  for (let arm = 1; arm < arms; arm++) if (promises[arm] > promises[best]) best = arm;
  const chances = new Float64Array(arms);
  let left = 1;
  for (let arm = 0; arm < arms; arm++) {
    if (arm === best) continue;
    chances[arm] = 1 / (arms + greed * (promises[best] - promises[arm]));
    left -= chances[arm];
  }
  chances[best] = left;
  return chances;
}
