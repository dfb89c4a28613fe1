/** ln Γ for x > 0 by the Stirling series, after lifting small x; error below 1e-14 relative to 1 + |value|. */
export function logGamma(x: number): number {
  let lift = 0;
  let at = x;
  if (at < 10) {
    let product = 1;
    for (; at < 10; at++) product *= at;
    lift = -Math.log(product);
  }
  const square = 1 / (at * at);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / at;
  return lift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
}

/** The derivative of ln Γ, x > 0. */
export function digamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < 10; at++) sum -= 1 / at;
  const square = 1 / (at * at);
  return (
    sum +
    Math.log(at) -
    0.5 / at -
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
  );
}

/** ln B(a, b), for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
