import { LearnError } from "../../error.js";
import { type ColorName, colorName, colorNames } from "./color-name.js";
import { textShare } from "./text-share.js";

/** A picture as browsers and decoders give it: four bytes a pixel (red, green, blue, opacity), row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface ImageFeatures {
  /** The name of the colour that most of it has; greys only where no colour has a fifth of it. */
  readonly color: ColorName;
  /** Mean luma, 0 black to 1 white. */
  readonly brightness: number;
  /** Standard deviation of luma, 0 to .5. */
  readonly contrast: number;
  /** 0 for greys; about .15 is slightly, .6 very colourful (Hasler & Süsstrunk 2003, eq. 7, over 180). */
  readonly colorfulness: number;
  /** See `textShare`: an estimate, 0 to 1. */
  readonly textShare: number;
}

/** Colour counts before grey, black and white once it has this share: a red dress before a white wall is red. */
const leastColor = 0.2;

/**
 * What a picture looks like. Transparent parts count as white, as mail programs show them.
 *
 * @throws LearnError "input" when there is no pixel, or another number of bytes than four each
 */
export function imageFeatures({ width, height, data }: Pixels): ImageFeatures {
  const pixels = width * height;
  if (!(Number.isInteger(width) && Number.isInteger(height) && pixels > 0))
    throw new LearnError("input", `imageFeatures: a picture of ${width} × ${height} has no pixel.`);
  if (data.length !== 4 * pixels)
    throw new LearnError(
      "input",
      `imageFeatures: ${width} × ${height} pixels are ${4 * pixels} bytes of RGBA, got ${data.length}.`,
    );
  const counts = new Map<ColorName, number>(colorNames.map((name) => [name, 0]));
  const light = new Float32Array(pixels);
  // sums and squares of luma, red − green, and yellow − blue
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  for (let pixel = 0; pixel < pixels; pixel++) {
    const cover = data[4 * pixel + 3] / 255;
    const red = 255 + cover * (data[4 * pixel] - 255);
    const green = 255 + cover * (data[4 * pixel + 1] - 255);
    const blue = 255 + cover * (data[4 * pixel + 2] - 255);
    const name = colorName(red, green, blue);
    counts.set(name, (counts.get(name) as number) + 1);
    // Rec. 709
    const luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    light[pixel] = luma;
    for (const [at, value] of [luma, red - green, (red + green) / 2 - blue].entries()) {
      sums[at] += value;
      squares[at] += value * value;
    }
  }
  const means = sums.map((sum) => sum / pixels);
  const deviations = squares.map((square, at) =>
    Math.sqrt(Math.max(0, square / pixels - means[at] ** 2)),
  );
  const spread = Math.hypot(deviations[1], deviations[2]);
  return {
    color: dominant(counts, pixels),
    brightness: means[0],
    contrast: deviations[0],
    colorfulness: (spread + 0.3 * Math.hypot(means[1], means[2])) / 180,
    textShare: textShare(light, width, height),
  };
}

function dominant(counts: ReadonlyMap<ColorName, number>, pixels: number): ColorName {
  const most = (names: readonly ColorName[]) =>
    names.reduce((best, name) => ((counts.get(name) ?? 0) > (counts.get(best) ?? 0) ? name : best));
  const color = most(colorNames.slice(3));
  return (counts.get(color) ?? 0) >= leastColor * pixels ? color : most(colorNames);
}

/** The same as levels of factors: what a picture is called, in words that can be compared from campaign to campaign. */
export function imageLevels(features: ImageFeatures): Readonly<Record<string, string>> {
  const { color, brightness, contrast, colorfulness, textShare: text } = features;
  const level = (value: number, low: number, high: number, names: readonly string[]) =>
    names[value < low ? 0 : value < high ? 1 : 2];
  return {
    "image color": color,
    "image brightness": level(brightness, 0.35, 0.65, ["dark", "medium", "bright"]),
    "image contrast": level(contrast, 0.15, 0.28, ["low", "medium", "high"]),
    "image colorfulness": level(colorfulness, 0.15, 0.4, ["muted", "medium", "vivid"]),
    "image text": level(text, 0.02, 0.15, ["none", "some", "much"]),
  };
}
