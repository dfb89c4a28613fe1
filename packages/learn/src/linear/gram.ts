/**
 * Adds AᵀA to `gram` for a row-major block A whose rows are `width` long, a multiple of four. Only cells on and below the
 * diagonal are complete. Two by four sums stay in registers, which is what makes it fast.
 */
export function addGram(
  rows: Float64Array,
  count: number,
  width: number,
  gram: Float64Array,
): void {
  const end = count * width;
  for (let j = 0; j < width; j += 2)
    for (let k = 0; k <= j + 1; k += 4) {
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      for (let row = 0; row < end; row += width) {
        const a = rows[row + j];
        const b = rows[row + j + 1];
        const c0 = rows[row + k];
        const c1 = rows[row + k + 1];
        const c2 = rows[row + k + 2];
        const c3 = rows[row + k + 3];
        a0 += a * c0;
        a1 += a * c1;
        a2 += a * c2;
        a3 += a * c3;
        b0 += b * c0;
        b1 += b * c1;
        b2 += b * c2;
        b3 += b * c3;
      }
      const first = j * width + k;
      gram[first] += a0;
      gram[first + 1] += a1;
      gram[first + 2] += a2;
      gram[first + 3] += a3;
      const second = first + width;
      gram[second] += b0;
      gram[second + 1] += b1;
      gram[second + 2] += b2;
      gram[second + 3] += b3;
    }
}
