/** Pixels on a side of the cells that are looked at. */
const side = 16;
/** A step of light from one pixel to the next that may be the edge of a letter. */
const edge = 0.25;

/**
 * About how much of a picture is text, 0 to 1, from its luminance (0 to 1, row by row): the share of cells that are all of two tones, one of them
 * ground, and crossed by edges many times in both directions, as letters are and photographs seldom. An estimate: fine patterns look alike,
 * and letters taller than 50 pixels are missed.
 */
export function textShare(light: Float32Array, width: number, height: number): number {
  const across = Math.floor(width / side);
  const down = Math.floor(height / side);
  if (across === 0 || down === 0) return 0;
  let cells = 0;
  for (let row = 0; row < down; row++)
    for (let column = 0; column < across; column++)
      if (isText(light, width, column * side, row * side)) cells++;
  return cells / (across * down);
}

function isText(light: Float32Array, width: number, left: number, top: number): boolean {
  let low = 1;
  let high = 0;
  for (let y = top; y < top + side; y++)
    for (let x = left; x < left + side; x++) {
      const value = light[y * width + x];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  if (high - low < edge) return false;
  let between = 0;
  let dark = 0;
  let across = 0;
  let down = 0;
  const step = Math.max(edge, (high - low) / 2.5);
  for (let y = top; y < top + side; y++)
    for (let x = left; x < left + side; x++) {
      const value = light[y * width + x];
      const place = (value - low) / (high - low);
      if (place > 0.3 && place < 0.7) between++;
      if (place < 0.5) dark++;
      if (x > left && Math.abs(value - light[y * width + x - 1]) > step) across++;
      if (y > top && Math.abs(value - light[(y - 1) * width + x]) > step) down++;
    }
  const pixels = side * side;
  const ink = Math.min(dark, pixels - dark) / pixels;
  return between < 0.25 * pixels && ink > 0.05 && across >= side && down >= side / 2;
}
