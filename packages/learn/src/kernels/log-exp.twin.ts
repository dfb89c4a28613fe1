const float = new Float64Array(1);
const words = new Int32Array(float.buffer);
/** Place of the word with the sign and the exponent, by the machine's byte order. */
const high = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Natural logarithm of a positive normal number, to 3 ulp; the kernels' twin, bit for bit. */
export function logOf(value: number): number {
  float[0] = value;
  const raised = words[high] - 0x3fe6a09e; // √½, so that what is left lies between √½ and √2
  const exponent = raised >> 20;
  words[high] -= exponent << 20;
  const s = (float[0] - 1) / (float[0] + 1);
  const z = s * s;
  let sum = 1 / 19;
  sum = sum * z + 1 / 17;
  sum = sum * z + 1 / 15;
  sum = sum * z + 1 / 13;
  sum = sum * z + 1 / 11;
  sum = sum * z + 1 / 9;
  sum = sum * z + 1 / 7;
  sum = sum * z + 1 / 5;
  sum = sum * z + 1 / 3;
  sum = sum * z + 1;
  return exponent * Math.LN2 + 2 * s * sum;
}

/** e to a power between -700 and 700 (inputs are clamped), to 2 ulp; the kernels' twin, bit for bit. */
export function expOf(value: number): number {
  const x = Math.max(-700, Math.min(700, value));
  const shifted = x * Math.LOG2E + 6755399441055744; // 1.5 · 2⁵² rounds to a whole number
  const n = shifted - 6755399441055744;
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  let sum = 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  sum = sum * r + 1 / 2;
  sum = sum * r + 1;
  sum = sum * r + 1;
  float[0] = sum;
  words[high] += n << 20;
  return float[0];
}
