/** What an arm's values come to: enough for a mean with its interval. */
export interface Moments {
  readonly rows: number;
  readonly mean: number;
  /** Means of powers of the distances from the mean. */
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
  /** The smallest value. */
  readonly least: number;
}

/** Two passes: sums of powers of large values would cancel. */
export function momentsOf(values: ArrayLike<number>): Moments {
  const rows = values.length;
  let mean = 0;
  let least = Infinity;
  for (let row = 0; row < rows; row++) {
    mean += (values[row] - mean) / (row + 1);
    if (values[row] < least) least = values[row];
  }
  let [second, third, fourth] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const distance = values[row] - mean;
    const square = distance * distance;
    second += square;
    third += square * distance;
    fourth += square * square;
  }
  return { rows, mean, second: second / rows, third: third / rows, fourth: fourth / rows, least };
}

/** The mean over all rows of several arms. */
export function overall(arms: readonly Moments[], of: (arm: Moments) => number): number {
  const rows = arms.reduce((sum, arm) => sum + arm.rows, 0);
  return arms.reduce((sum, arm) => sum + arm.rows * of(arm), 0) / rows;
}

/** Of distances from each arm's own mean; 3 of normal values, about 1 in the share of a rare yes. */
export const kurtosisOf = (arms: readonly Moments[]): number =>
  overall(arms, ({ fourth }) => fourth) / overall(arms, ({ second }) => second) ** 2;
