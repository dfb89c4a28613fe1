import { binCount } from "../timing/bins.js";
import type { Clear } from "../timing/expect.js";
import type { Evidence } from "../timing/gather.js";
import { logLikelihoods, type Prior } from "../timing/prior.js";
import { expOf, logOf } from "./log-exp.twin.js";
import { ROWS_STEP, SUM_LISTS } from "./timing-layout.js";

/** What the first rows are likely to be, chunks added up in their order, `SUM_LISTS × rhythms`: the kernels' twin, bit for bit. */
export function expectRows(
  evidence: Evidence,
  rows: number,
  prior: Prior,
  clear: Clear,
): Float64Array {
  const sums = new Float64Array(SUM_LISTS * prior.count);
  for (let from = 0; from < rows; from += ROWS_STEP) {
    const chunk = expectChunk(evidence, from, Math.min(rows, from + ROWS_STEP), prior, clear);
    for (let at = 0; at < sums.length; at++) sums[at] += chunk[at];
  }
  return sums;
}

function expectChunk(
  evidence: Evidence,
  from: number,
  to: number,
  prior: Prior,
  clear: Clear,
): Float64Array {
  const { offsets, bins, events, exposure, answers, acts } = evidence;
  const { count, weights, spread } = prior;
  const sums = new Float64Array(SUM_LISTS * count);
  const [people, acted, levelSums, logSums] = [96, 97, 98, 99].map((nth) => nth * count);
  const shares = new Float64Array(count);
  const levels = new Float64Array(count);
  for (let row = from; row < to; row++) {
    logLikelihoods(evidence, row, prior, shares, levels);
    const most = Math.max(...shares);
    let sum = 0;
    for (let rhythm = 0; rhythm < count; rhythm++) {
      const below = shares[rhythm] - most;
      shares[rhythm] = below < clear.cut ? 0 : weights[rhythm] * expOf(below);
      sum += shares[rhythm];
    }
    const power = spread + answers[row];
    for (let rhythm = 0; rhythm < count; rhythm++) {
      const share = shares[rhythm] / sum;
      const level = (share * power) / levels[rhythm];
      sums[people + rhythm] += share;
      sums[levelSums + rhythm] += level;
      sums[logSums + rhythm] += share * logOf(levels[rhythm]);
      if (share < clear.share) continue;
      sums[acted + rhythm] += share * acts[row];
      for (let index = offsets[row]; index < offsets[row + 1]; index++) {
        sums[bins[index] * count + rhythm] += share * events[index];
        sums[(binCount + bins[index]) * count + rhythm] += level * exposure[index];
      }
    }
  }
  return sums;
}
