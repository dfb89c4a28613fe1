import { MISSING } from "./layout.js";

const f = Math.fround;

/** The thresholds that `findThresholds` chooses; undefined when every value is missing. */
export function thresholdsTwin(sample: Float32Array, bins: number): Float32Array | undefined {
  const known = sample.filter((value) => !Number.isNaN(value)).map((value) => value + 0);
  if (known.length === 0) return undefined;
  known.sort();
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of known)
    if (value === values.at(-1)) counts[counts.length - 1]++;
    else {
      values.push(value);
      counts.push(1);
    }
  const isBig = counts.map((count) => count * bins >= known.length);
  let restBins = bins - isBig.filter(Boolean).length;
  let restRows = counts.reduce((sum, count, index) => sum + (isBig[index] ? 0 : count), 0);
  let mean = restRows / Math.max(restBins, 1);
  let filled = 0;
  const thresholds: number[] = [];
  for (let index = 0; index + 1 < values.length && thresholds.length < bins - 1; index++) {
    if (!isBig[index]) restRows -= counts[index];
    filled += counts[index];
    const isFull =
      values.length <= bins ||
      isBig[index] ||
      filled >= mean ||
      (isBig[index + 1] && filled >= Math.max(1, mean * 0.5));
    if (!isFull) continue;
    const [low, high] = [values[index], values[index + 1]];
    const middle = f(low + (high - low) * 0.5);
    thresholds.push(middle < high ? middle : low);
    filled = 0;
    if (!isBig[index]) mean = restRows / Math.max(--restBins, 1);
  }
  return Float32Array.from(thresholds);
}

export function binTwin(value: number, thresholds: Float32Array): number {
  if (Number.isNaN(value)) return MISSING;
  let bin = 0;
  while (bin < thresholds.length && thresholds[bin] < value) bin++;
  return bin;
}
