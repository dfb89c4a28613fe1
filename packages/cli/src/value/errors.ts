import type { Measured } from "@inchworm/spec";

export const absoluteErrors = (forecast: Float64Array, came: Float64Array): Float64Array =>
  forecast.map((value, row) => Math.abs(value - came[row]));

/** The mean of one number per customer, with its 95 % interval. */
export function meanOf(values: Float64Array): Measured {
  const size = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / size;
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  const reach = size > 1 ? (1.959964 * Math.sqrt(squares / (size - 1))) / Math.sqrt(size) : 0;
  return { value, low: value - reach, high: value + reach };
}
