// Single-precision steps of the kernels in plain TypeScript: rounding after every operation gives the same bits.

const f = Math.fround;
const ln2High = f(0.693359375);
const ln2Low = f(-2.1219444e-4);
const coefficients = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
  5.0000001201e-1,
].map(f);

export function expTwin(value: number): number {
  const x = Math.min(Math.max(value, -87), 87);
  const n = f(f(f(x * f(Math.LOG2E)) + 12582912) - 12582912);
  const r = f(f(x - f(n * ln2High)) - f(n * ln2Low));
  let y = coefficients[0];
  for (const coefficient of coefficients.slice(1)) y = f(f(y * r) + coefficient);
  y = f(f(f(y * f(r * r)) + r) + 1);
  return f(y * 2 ** n);
}

export function hashTwin(row: number, seed: number): number {
  let x = Math.imul(row, 0x9e3779b1) ^ seed;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** Gradient and hessian of a row as whole numbers. */
export function packTwin(
  gradient: number,
  hessian: number,
  scales: readonly [number, number],
  row: number,
  seed: number,
): [number, number] {
  const hash = hashTwin(row, seed);
  const whole = (value: number, scale: number, unit: number): number =>
    Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), Math.floor(f(f(value * scale) + unit))));
  return [
    whole(gradient, scales[0], (hash >>> 16) / 65536),
    whole(hessian, scales[1], (hash & 0xffff) / 65536),
  ];
}
