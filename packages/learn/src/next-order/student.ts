import { logGamma } from "../special/gamma.js";

/** Student's t with real degrees of freedom. */
export interface Student {
  readonly freedom: number;
  density(z: number): number;
  /** P(T > z). */
  survival(z: number): number;
}

export function student(freedom: number): Student {
  const half = freedom / 2;
  const constant = logGamma(half + 0.5) - logGamma(half) - 0.5 * Math.log(Math.PI);
  const density = (z: number) =>
    Math.exp(constant - 0.5 * Math.log(freedom) - (half + 0.5) * Math.log1p((z * z) / freedom));
  const tail = (z: number): number => {
    // P(T > z) = ½ I_x(ν/2, ½), x = ν / (ν + z²); the other side of the continued fraction where x is near 1
    const square = z * z;
    const x = freedom / (freedom + square);
    const rest = square / (freedom + square);
    if (x === 0) return 0;
    const front = Math.exp(constant + half * Math.log(x) + 0.5 * Math.log(rest));
    if (x < (half + 1) / (half + 2.5)) return (0.5 * front * fraction(half, 0.5, x)) / half;
    return 0.5 - front * fraction(0.5, half, rest);
  };
  return {
    freedom,
    density,
    survival: (z) => (z === 0 ? 0.5 : z > 0 ? tail(z) : 1 - tail(-z)),
  };
}

/** The incomplete beta's continued fraction by Lentz's method (DLMF 8.17.22). */
function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let value = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < 1e-14) break;
  }
  return value;
}
