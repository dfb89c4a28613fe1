import { binCount, dayHours } from "./bins.js";

/** What rhythms may look like before any data. */
export interface RhythmShape {
  /** Half width of a peak, hours. */
  readonly width: number;
  /** How far a peak rises above the base, in units of the base. */
  readonly height: number;
  /** What lies under the peaks: the same all day, or what everyone does. */
  readonly base: "flat" | "everyone";
}

/** Hours between the places of two peaks. */
const grid = 3;
const leastApart = 4;

/** Everyone's rhythm, then those with one peak at any hour, then those with two: `rhythms × 24` factors on the base. */
export function peaks({ width, height }: RhythmShape): Float64Array[] {
  const peak = (at: number): Float64Array =>
    Float64Array.from({ length: dayHours }, (_, hour) => {
      const apart = Math.min((hour - at + dayHours) % dayHours, (at - hour + dayHours) % dayHours);
      return Math.exp(-0.5 * (apart / width) ** 2);
    });
  const rhythms = [new Float64Array(dayHours).fill(1)];
  for (let at = 0; at < dayHours; at++) rhythms.push(peak(at).map((value) => 1 + height * value));
  for (let one = 1; one < dayHours; one += grid)
    for (let two = one + leastApart; two < dayHours; two += grid) {
      if (one + dayHours - two < leastApart) continue;
      const other = peak(two);
      rhythms.push(peak(one).map((value, hour) => 1 + height * (value + other[hour])));
    }
  return rhythms;
}

/** Rates of each rhythm, bin-major (`48 × rhythms`), so scaled that with everyone's `exposure` each has the mean rate `mean`. */
export function ratesOf(
  rhythms: readonly Float64Array[],
  base: Float64Array,
  exposure: Float64Array,
  mean: number,
): Float64Array {
  const count = rhythms.length;
  const rates = new Float64Array(binCount * count);
  for (let rhythm = 0; rhythm < count; rhythm++)
    for (let bin = 0; bin < binCount; bin++)
      rates[bin * count + rhythm] = base[bin] * rhythms[rhythm][bin % dayHours];
  scaleRates(rates, count, exposure, mean);
  return rates;
}

export function scaleRates(
  rates: Float64Array,
  count: number,
  exposure: Float64Array,
  mean: number,
): void {
  const total = exposure.reduce((sum, value) => sum + value, 0);
  for (let rhythm = 0; rhythm < count; rhythm++) {
    let sum = 0;
    for (let bin = 0; bin < binCount; bin++) sum += exposure[bin] * rates[bin * count + rhythm];
    const factor = (mean * total) / sum;
    for (let bin = 0; bin < binCount; bin++) rates[bin * count + rhythm] *= factor;
  }
}
