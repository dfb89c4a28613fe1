import { LearnError } from "../error.js";
import type { Covariate } from "./types.js";

/** What makes covariates comparable: each less its mean, over its standard deviation. */
export interface Scale {
  readonly names: readonly string[];
  readonly means: Float64Array;
  /** 1 for one that does not vary. */
  readonly deviations: Float64Array;
}

/** Rows of equal covariates, scaled: `profiles` lists each once, `codes` maps rows to it. */
export interface Profiles {
  readonly profiles: readonly Float64Array[];
  readonly codes: Int32Array;
}

/** @throws LearnError "input" when there is none, a name comes twice, or a covariate does not have one number per row */
export function scaleOf(who: string, covariates: readonly Covariate[], rows: number): Scale {
  const names = covariates.map(({ name }) => name);
  if (names.length === 0)
    throw new LearnError("input", `${who}: there are no covariates.`, {
      hint: "Pass at least one, or fit the model without.",
    });
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new LearnError("input", `${who}: there are two covariates "${twice}".`);
  const means = new Float64Array(names.length);
  const deviations = new Float64Array(names.length).fill(1);
  for (const [index, covariate] of covariates.entries()) {
    checkValues(who, covariate, rows);
    const known = covariate.values.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value / known.length, 0);
    const squares = known.reduce((sum, value) => sum + (value - mean) ** 2 / known.length, 0);
    means[index] = mean;
    if (squares > 1e-20 * mean * mean) deviations[index] = Math.sqrt(squares);
  }
  return { names, means, deviations };
}

/** @throws LearnError "input" when a covariate is missing, or does not have one number per row */
export function profilesOf(
  who: string,
  { names, means, deviations }: Scale,
  covariates: readonly Covariate[],
  rows: number,
): Profiles {
  const columns = names.map((name) => {
    const found = covariates.find((covariate) => covariate.name === name);
    if (!found) throw new LearnError("input", `${who}: the covariate "${name}" is missing.`);
    checkValues(who, found, rows);
    return found.values;
  });
  const places = new Map<string, number>();
  const profiles: Float64Array[] = [];
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = columns.map((values, index) =>
      Number.isNaN(values[row]) ? 0 : (values[row] - means[index]) / deviations[index],
    );
    const key = own.join();
    let place = places.get(key);
    if (place === undefined) {
      place = profiles.length;
      places.set(key, place);
      profiles.push(Float64Array.from(own));
    }
    codes[row] = place;
  }
  return { profiles, codes };
}

function checkValues(who: string, { name, values }: Covariate, rows: number): void {
  if (values.length !== rows)
    throw new LearnError(
      "input",
      `${who}: the covariate "${name}" has ${values.length} values for ${rows} rows.`,
    );
  const row = values.findIndex((value) => Math.abs(value) === Infinity);
  if (row >= 0)
    throw new LearnError("input", `${who}: row ${row} of the covariate "${name}" is infinite.`);
}
