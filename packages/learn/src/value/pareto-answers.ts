import type { Answers } from "./family.js";
import { gaussLegendre } from "./gauss-legendre.js";
import { NegativeBinomial } from "./negative-binomial.js";

const fall = 5;
const { nodes, weights } = gaussLegendre(10);
const ends = gaussLegendre(16);

export function paretoAnswers(r: number, alpha: number, s: number, beta: number): Answers {
  const whole = new NegativeBinomial();
  const cut = Array.from(ends.nodes, () => new NegativeBinomial());
  const shares = new Float64Array(cut.length);
  let stays = 0;
  return {
    leftOdds(x, recency, age) {
      if (!(age > recency)) return -Infinity;
      // s ∫ₜₓᵀ ((α+T)/(α+t))^(r+x) ((β+T)/(β+t))^s / (β+t) dt, relative to its integrand at t_x
      const shape = r + x;
      const lastA = alpha + recency;
      const lastB = beta + recency;
      const spanA = Math.log1p((age - recency) / lastA);
      const spanB = Math.log1p((age - recency) / lastB);
      const drop = shape * spanA + (s + 1) * spanB;
      // even pieces of ln(α + t) or ln(β + t), whichever falls faster: the integrand is close to an exponential in it
      const byA = shape / lastA > (s + 1) / lastB;
      const pieces = Math.max(1, Math.ceil(drop / fall));
      const span = (byA ? spanA : spanB) / pieces;
      const start = byA ? lastA : lastB;
      const ratio = start / (byA ? lastB : lastA);
      const own = (byA ? shape : s + 1) - 1;
      const other = byA ? s + 1 : shape;
      let sum = 0;
      for (let piece = 0; piece < pieces && piece * fall < 60 + fall; piece++)
        for (let node = 0; node < nodes.length; node++) {
          const log = span * (piece + nodes[node]);
          sum += weights[node] * Math.exp(-own * log - other * Math.log1p(ratio * Math.expm1(log)));
        }
      return shape * spanA + s * spanB + Math.log((s * sum * span * start) / lastB);
    },
    stays: () => 1,
    mean(x, age, horizon) {
      // (1 − e^−(s−1)ℓ)/(s−1) with ℓ = ln((β+T+h)/(β+T)), which at s = 1 is ℓ
      const log = Math.log1p(horizon / (beta + age));
      const power = (s - 1) * log;
      const time =
        (beta + age) *
        (Math.abs(power) < 1e-9 ? log * (1 - power / 2) : -Math.expm1(-power) / (s - 1));
      return ((r + x) / (alpha + age)) * time;
    },
    begin(x, age, horizon) {
      const log = Math.log1p(horizon / (beta + age));
      stays = Math.exp(-s * log);
      whole.begin(r + x, alpha + age, horizon);
      for (let index = 0; index < cut.length; index++) {
        const at = log * ends.nodes[index];
        shares[index] = ends.weights[index] * log * s * Math.exp(-s * at);
        cut[index].begin(r + x, alpha + age, (beta + age) * Math.expm1(at));
      }
    },
    next() {
      let tail = stays * whole.survival;
      whole.advance();
      for (let index = 0; index < cut.length; index++) {
        tail += shares[index] * cut[index].survival;
        cut[index].advance();
      }
      return tail;
    },
  };
}
