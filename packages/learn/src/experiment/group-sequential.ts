import { LearnError } from "../error.js";
import { normalCdf, normalQuantile } from "../special/normal.js";

const points = 401;

/**
 * Critical values of z at looks after these shares of the planned information, so that the chance of ever passing one by chance is
 * `level`: each side spends 2 − 2Φ(z / √t), like O'Brien & Fleming (Lan & DeMets 1983, Biometrika 70), by recursive integration
 * (Armitage, McPherson & Rowe 1969). Looks need not be equally spaced; beyond 1 nothing is left to spend.
 *
 * @throws LearnError "input" when shares do not rise from above 0
 */
export function groupSequential(looks: readonly number[], level = 0.05): readonly number[] {
  if (looks.length === 0 || looks.some((look, at) => !(look > (at === 0 ? 0 : looks[at - 1]))))
    throw new LearnError("input", 'groupSequential: "looks" must rise, each above 0.');
  const planned = looks.map((look) => Math.min(1, look));
  const z = -normalQuantile(level / 4);
  const spent = planned.map((look) => 4 * normalCdf(-z / Math.sqrt(look)));
  const critical: number[] = [];
  let density: Density | undefined;
  for (const [at, look] of looks.entries()) {
    const left = spent[at] - (at === 0 ? 0 : spent[at - 1]);
    const step = look - (at === 0 ? 0 : looks[at - 1]);
    const bound = density
      ? boundOf(density, left, Math.sqrt(step), Math.sqrt(look))
      : -normalQuantile(Math.max(left, 1e-300) / 2) * Math.sqrt(look);
    critical.push(bound / Math.sqrt(look));
    density = next(density, bound, Math.sqrt(step));
  }
  return critical;
}

/** Of the sum so far, among those who have not stopped: equally spaced from −edge to edge, with Simpson's weights in. */
interface Density {
  readonly edge: number;
  readonly at: Float64Array;
  readonly mass: Float64Array;
}

/** So far out nothing is left to be spent. */
const beyond = 12;

function boundOf({ at, mass }: Density, left: number, step: number, scale: number): number {
  let low = 0;
  let high = beyond * scale;
  for (let round = 0; round < 60; round++) {
    const bound = (low + high) / 2;
    let passed = 0;
    for (let place = 0; place < points; place++)
      passed +=
        mass[place] *
        (normalCdf((at[place] - bound) / step) + normalCdf((-bound - at[place]) / step));
    if (passed > left) low = bound;
    else high = bound;
  }
  return high;
}

function next(density: Density | undefined, bound: number, step: number): Density {
  const edge = Math.min(bound, beyond * (step + (density?.edge ?? 0)));
  const at = Float64Array.from(
    { length: points },
    (_, place) => edge * ((2 * place) / (points - 1) - 1),
  );
  const width = (2 * edge) / (points - 1);
  const bell = (x: number) =>
    Math.exp((-0.5 * x * x) / step ** 2) / (step * Math.sqrt(2 * Math.PI));
  const mass = at.map((x, place) => {
    const weight = place === 0 || place === points - 1 ? 1 : place % 2 === 1 ? 4 : 2;
    let value = 0;
    if (density)
      for (let from = 0; from < points; from++)
        value += density.mass[from] * bell(x - density.at[from]);
    else value = bell(x);
    return (value * weight * width) / 3;
  });
  return { edge, at, mass };
}
