import type { Cells } from "./cells.js";
import type { Likelihood } from "./family.js";
import { gaussLegendre } from "./gauss-legendre.js";
import { rising } from "./rising.js";

// relative errors below 1e-14 up to these falls of the integrand's logarithm across a piece
const fine = { fall: 0.05, rule: gaussLegendre(3) };
const wide = { fall: 5, rule: gaussLegendre(10) };

/**
 * L = Γ(r+x)/Γ(r) αʳ βˢ [ (α+T)^−(r+x) (β+T)^−s + s ∫ₜₓᵀ (α+t)^−(r+x) (β+t)^−(s+1) dt ], which is Schmittlein, Morrison & Colombo
 * 1987 before the integral is written as two ₂F₁ whose difference loses its digits. The integrand differs by x alone, so per x it
 * is integrated once from each time that occurs to the next, and a customer's integral is a difference of two sums from the end.
 */
export function paretoLikelihood(cells: Cells): Likelihood {
  const { frequencies, starts, recency, age, weights } = cells;
  const ofR = rising(frequencies);
  const grid = gridOf(cells);
  const size = grid.times.length;
  // by time: ∫ from here to the last time of the integrand f over f here, plain and times ln(α+t), 1/(α+t), ln(β+t), 1/(β+t)
  const sums = Array.from({ length: 5 }, () => new Float64Array(size));
  const [plain, logAs, inverseAs, logBs, inverseBs] = sums;
  const logs = new Float64Array(size);
  const piece = new Float64Array(5);

  return (at, gradient) => {
    const [r, alpha, s, beta] = [0, 1, 2, 3].map((index) => Math.exp(at[index]));
    const up = ofR(r);
    let total = 0;
    let [byR, byAlpha, byS, byBeta] = [0, 0, 0, 0];
    for (let index = 0; index < frequencies.length; index++) {
      const shape = r + frequencies[index];
      const from = grid.starts[index];
      const to = grid.starts[index + 1];
      for (let time = to - 1; time >= from; time--) {
        const here = grid.times[time];
        logs[time] = -shape * Math.log(alpha + here) - (s + 1) * Math.log(beta + here);
        if (time === to - 1) {
          for (const sum of sums) sum[time] = 0;
          continue;
        }
        integrate(piece, here, grid.times[time + 1], logs[time], shape, alpha, s + 1, beta);
        const fall = Math.exp(logs[time + 1] - logs[time]);
        for (let moment = 0; moment < 5; moment++)
          sums[moment][time] = piece[moment] + fall * sums[moment][time + 1];
      }
      const constant = up.value[index] + r * at[1] + s * at[3];
      let count = 0;
      let gone = 0;
      let endLogsA = 0;
      let endLogsB = 0;
      let endInversesA = 0;
      let endInversesB = 0;
      for (let cell = starts[index]; cell < starts[index + 1]; cell++) {
        const weight = weights[cell];
        const last = grid.last[cell];
        const end = grid.end[cell];
        const endA = alpha + age[cell];
        const endB = beta + age[cell];
        const logA = Math.log(endA);
        const logB = Math.log(endB);
        const logHere = -shape * logA - s * logB;
        count += weight;
        const fall = Math.exp(logs[end] - logs[last]);
        const integral = age[cell] > recency[cell] ? plain[last] - fall * plain[end] : 0;
        if (!(integral > 0)) {
          total += weight * (constant + logHere);
          endLogsA += weight * logA;
          endLogsB += weight * logB;
          endInversesA += weight / endA;
          endInversesB += weight / endB;
          continue;
        }
        const odds = at[2] + logs[last] + Math.log(integral) - logHere;
        // softplus and its slope of one exponential
        const small = Math.exp(-Math.abs(odds));
        const away = (odds > 0 ? 1 : small) / (1 + small);
        const here = weight * (1 - away);
        const share = (weight * away) / integral;
        total += weight * (constant + logHere + Math.max(0, odds) + Math.log(1 + small));
        gone += weight * away;
        endLogsA += here * logA + share * (logAs[last] - fall * logAs[end]);
        endLogsB += here * logB + share * (logBs[last] - fall * logBs[end]);
        endInversesA += here / endA + share * (inverseAs[last] - fall * inverseAs[end]);
        endInversesB +=
          here / endB + share * (1 + 1 / s) * (inverseBs[last] - fall * inverseBs[end]);
      }
      byR += count * (up.slope[index] + at[1]) - endLogsA;
      byAlpha += (count * r) / alpha - shape * endInversesA;
      byS += count * at[3] + gone / s - endLogsB;
      byBeta += (count * s) / beta - s * endInversesB;
    }
    gradient[0] = byR * r;
    gradient[1] = byAlpha * alpha;
    gradient[2] = byS * s;
    gradient[3] = byBeta * beta;
    return total;
  };
}

/** ∫ of the integrand over its value at `from`, with its four moments, into `into`. */
function integrate(
  into: Float64Array,
  from: number,
  to: number,
  logFrom: number,
  shape: number,
  alpha: number,
  shapeB: number,
  beta: number,
): void {
  into.fill(0);
  const drop =
    shape * Math.log1p((to - from) / (alpha + from)) +
    shapeB * Math.log1p((to - from) / (beta + from));
  const { fall, rule } = drop <= fine.fall ? fine : wide;
  const { nodes, weights } = rule;
  const pieces = Math.max(1, Math.ceil(drop / fall));
  // even pieces of ln(α + t) or ln(β + t), whichever falls faster: the integrand is close to an exponential in it
  const byA = shape / (alpha + from) > shapeB / (beta + from);
  const base = byA ? alpha : beta;
  const start = base + from;
  const logStart = Math.log(start);
  const span = Math.log1p((to - from) / start) / pieces;
  for (let piece = 0; piece < pieces; piece++) {
    if (piece * fall > 60) break; // what is left is below rounding
    for (let node = 0; node < nodes.length; node++) {
      const log = span * (piece + nodes[node]);
      const growth = Math.exp(log);
      const time = start * growth - base;
      const logA = byA ? logStart + log : Math.log(alpha + time);
      const logB = byA ? Math.log(beta + time) : logStart + log;
      const value =
        Math.exp(log - shape * logA - shapeB * logB - logFrom) * weights[node] * span * start;
      into[0] += value;
      into[1] += value * logA;
      into[2] += value / (alpha + time);
      into[3] += value * logB;
      into[4] += value / (beta + time);
    }
  }
}

interface Grid {
  /** By frequency the times at which a customer of it last bought or ends, ascending. */
  readonly times: Float64Array;
  readonly starts: Int32Array;
  /** By cell: where its recency and age stand among the times. */
  readonly last: Int32Array;
  readonly end: Int32Array;
}

function gridOf({ rows, frequencies, starts, recency, age }: Cells): Grid {
  const last = new Int32Array(rows);
  const end = new Int32Array(rows);
  const gridStarts = new Int32Array(frequencies.length + 1);
  const lists: Float64Array[] = [];
  for (let index = 0; index < frequencies.length; index++) {
    const from = starts[index];
    const to = starts[index + 1];
    const both = new Float64Array(2 * (to - from));
    both.set(recency.subarray(from, to));
    both.set(age.subarray(from, to), to - from);
    both.sort();
    let count = 0;
    for (let entry = 0; entry < both.length; entry++)
      if (entry === 0 || both[entry] !== both[count - 1]) both[count++] = both[entry];
    const times = both.slice(0, count);
    for (let cell = from; cell < to; cell++) {
      last[cell] = gridStarts[index] + find(times, recency[cell]);
      end[cell] = gridStarts[index] + find(times, age[cell]);
    }
    gridStarts[index + 1] = gridStarts[index] + count;
    lists.push(times);
  }
  const times = new Float64Array(gridStarts[frequencies.length]);
  for (const [index, list] of lists.entries()) times.set(list, gridStarts[index]);
  return { times, starts: gridStarts, last, end };
}

function find(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
