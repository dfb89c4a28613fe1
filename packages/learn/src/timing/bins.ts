import { weekHours } from "./types.js";

/** Rhythms are learned in 48 bins: the hours of a working day, then those of a day of the weekend. Days within a kind differ by a factor. */
export const binCount = 48;
export const dayHours = 24;
export const weekDays = 7;

/** Bin and day (Monday = 0) of each week hour. */
export const binOfCell = Uint8Array.from(
  { length: weekHours },
  (_, cell) => (cell < 120 ? 0 : dayHours) + (cell % dayHours),
);
export const dayOfCell = Uint8Array.from({ length: weekHours }, (_, cell) =>
  Math.floor(cell / dayHours),
);
/** Days of the week that a bin stands for. */
export const daysOfBin = (bin: number): number => (bin < dayHours ? 5 : 2);

/** A normal kernel around the clock, the sum 1; `sigma` in hours. */
export function clockKernel(sigma: number): Float64Array {
  const kernel = Float64Array.from({ length: dayHours }, (_, apart) =>
    Math.exp(-0.5 * (Math.min(apart, dayHours - apart) / sigma) ** 2),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  return kernel.map((value) => value / total);
}

/** Smooths each kind of day around its own clock. */
export function smoothBins(values: ArrayLike<number>, kernel: Float64Array): Float64Array {
  const smooth = new Float64Array(binCount);
  for (let bin = 0; bin < binCount; bin++) {
    const value = values[bin];
    if (value === 0) continue;
    const day = bin < dayHours ? 0 : dayHours;
    const hour = bin - day;
    for (let apart = 0; apart < dayHours; apart++)
      smooth[day + ((hour + apart) % dayHours)] += value * kernel[apart];
  }
  return smooth;
}
