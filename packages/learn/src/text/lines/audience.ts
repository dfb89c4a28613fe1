import { LearnError } from "../../error.js";
import { newton } from "../../optimise/newton.js";

/** Who was sent which campaign, counted by what was known of people before each message: a cell is one combination of that. */
export interface AudienceCounts {
  readonly campaigns: number;
  readonly cells: number;
  /** What each cell is, row-major, cells × features: 0 and 1, or numbers around 0. */
  readonly features: Float64Array;
  /** How many people of each cell were sent each campaign, row-major, campaigns × cells, and how many of them answered. */
  readonly shown: Float64Array;
  readonly answered: Float64Array;
}

export interface AudienceModel {
  /** Of each feature on the log-odds of an answer, found within campaigns: whatever a campaign said, it said it to all of its people. */
  readonly effects: Float64Array;
  /** What is to be taken off the log-odds of a campaign that was sent to so many people of each cell. */
  offset(shown: ArrayLike<number>): number;
}

/** Standard deviations of the prior of an effect and of the level of a campaign. */
const effectDeviation = 2;
const levelDeviation = 2;

/**
 * What who is written to does to the answers of a campaign: a logistic regression in which every campaign has a level of its own, so that
 * no effect of its words, its hour or its season is taken for its audience's.
 *
 * @throws LearnError "input" when counts and features do not fit
 */
export async function audience(
  counts: AudienceCounts,
  options: { readonly signal?: AbortSignal } = {},
): Promise<AudienceModel> {
  const { campaigns, cells, features, shown, answered } = counts;
  const size = cells === 0 ? 0 : features.length / cells;
  if (
    !Number.isInteger(size) ||
    shown.length !== campaigns * cells ||
    answered.length !== shown.length
  )
    throw new LearnError("input", "audience: counts and features are not of the same cells.");
  const total = (list: Float64Array) => list.reduce((sum, one) => sum + one, 0);
  const usual = logit((total(answered) + 0.5) / (total(shown) + 1));
  const levels = new Float64Array(campaigns).fill(usual);
  const margins = new Float64Array(cells);
  const evaluate = (effects: Float64Array, gradient: Float64Array, hessian: Float64Array) => {
    gradient.fill(0);
    hessian.fill(0);
    let value = 0;
    for (let one = 0; one < size; one++) {
      value += effects[one] ** 2 / (2 * effectDeviation ** 2);
      gradient[one] = effects[one] / effectDeviation ** 2;
      hessian[one * size + one] = 1 / effectDeviation ** 2;
    }
    fillMargins(margins, features, effects);
    const weighed = new Float64Array(size);
    for (let campaign = 0; campaign < campaigns; campaign++) {
      const from = campaign * cells;
      const level = levelOf(levels[campaign], usual, margins, shown, answered, from);
      levels[campaign] = level;
      value += (level - usual) ** 2 / (2 * levelDeviation ** 2);
      let weights = 1 / levelDeviation ** 2;
      weighed.fill(0);
      for (let cell = 0; cell < cells; cell++) {
        const n = shown[from + cell];
        if (n === 0) continue;
        const margin = level + margins[cell];
        const rate = 1 / (1 + Math.exp(-margin));
        const weight = n * rate * (1 - rate);
        value += n * softplus(margin) - answered[from + cell] * margin;
        weights += weight;
        for (let one = 0; one < size; one++) {
          const x = features[cell * size + one];
          if (x === 0) continue;
          gradient[one] += x * (n * rate - answered[from + cell]);
          weighed[one] += weight * x;
          for (let other = 0; other <= one; other++)
            hessian[one * size + other] += weight * x * features[cell * size + other];
        }
      }
      // the level follows the effects: its part is taken off (Schur complement)
      for (let one = 0; one < size; one++)
        for (let other = 0; other <= one; other++)
          hessian[one * size + other] -= (weighed[one] * weighed[other]) / weights;
    }
    return value;
  };
  const effects = await newton({ size, evaluate }, new Float64Array(size), options);
  fillMargins(margins, features, effects);
  const own = margins.slice();
  return {
    effects,
    offset(people) {
      let all = 0;
      let expected = 0;
      for (let cell = 0; cell < cells; cell++) {
        all += people[cell];
        expected += people[cell] / (1 + Math.exp(-usual - own[cell]));
      }
      return all === 0 ? 0 : logit(expected / all) - usual;
    },
  };
}

function fillMargins(margins: Float64Array, features: Float64Array, effects: Float64Array): void {
  const size = effects.length;
  for (let cell = 0; cell < margins.length; cell++) {
    margins[cell] = 0;
    for (let one = 0; one < size; one++)
      margins[cell] += features[cell * size + one] * effects[one];
  }
}

/** The level of a campaign by Newton's method, given what its people would do. */
function levelOf(
  start: number,
  usual: number,
  margins: Float64Array,
  shown: Float64Array,
  answered: Float64Array,
  from: number,
): number {
  let level = start;
  for (let step = 0; step < 50; step++) {
    let slope = (level - usual) / levelDeviation ** 2;
    let curve = 1 / levelDeviation ** 2;
    for (let cell = 0; cell < margins.length; cell++) {
      const n = shown[from + cell];
      if (n === 0) continue;
      const rate = 1 / (1 + Math.exp(-level - margins[cell]));
      slope += n * rate - answered[from + cell];
      curve += n * rate * (1 - rate);
    }
    const move = Math.max(-2, Math.min(2, slope / curve));
    level -= move;
    if (Math.abs(move) < 1e-10) break;
  }
  return level;
}

const logit = (rate: number): number => Math.log(rate / (1 - rate));
const softplus = (x: number): number =>
  x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
