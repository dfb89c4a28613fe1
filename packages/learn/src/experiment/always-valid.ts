import { LearnError } from "../error.js";

/**
 * The critical value of z after `rows` people at which a confidence sequence stands: the chance that it is ever passed by chance, at
 * whatever number of people one stops, is `level` (Waudby-Smith et al. 2024, Annals of Statistics 52). Narrowest at `planned`.
 *
 * @throws LearnError "input" for numbers of people that are none
 */
export function alwaysValid(rows: number, planned: number, level = 0.05): number {
  if (!(rows > 0) || !(planned > 0) || !Number.isFinite(rows + planned))
    throw new LearnError("input", 'alwaysValid: "rows" and "planned" must be numbers > 0.');
  // the ρ that is best at the planned number
  const best = -2 * Math.log(level) + Math.log(1 - 2 * Math.log(level));
  const scaled = (best * rows) / planned;
  return Math.sqrt(((2 * (scaled + 1)) / scaled) * Math.log(Math.sqrt(scaled + 1) / level));
}
