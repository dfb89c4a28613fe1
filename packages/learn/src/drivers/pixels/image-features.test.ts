import { describe, expect, it } from "vitest";
import { random } from "../../random.js";
import { colorName } from "./color-name.js";
import { imageFeatures, imageLevels } from "./image-features.js";

type Paint = (x: number, y: number) => readonly number[];
function picture(width: number, height: number, paint: Paint) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = paint(x, y);
      data.set([red, green, blue, alpha], 4 * (y * width + x));
    }
  return { width, height, data };
}
const flat = (...color: number[]) => imageFeatures(picture(32, 32, () => color));

describe("image features", () => {
  it("names colours as people do", () => {
    const named = {
      red: [200, 30, 30],
      orange: [240, 140, 20],
      yellow: [245, 225, 50],
      green: [40, 150, 60],
      turquoise: [40, 190, 190],
      blue: [30, 80, 200],
      purple: [120, 40, 180],
      pink: [250, 130, 190],
      brown: [110, 65, 25],
      black: [12, 10, 14],
      white: [250, 250, 248],
      grey: [128, 130, 127],
    };
    for (const [name, [red, green, blue]] of Object.entries(named))
      expect([name, colorName(red, green, blue)]).toEqual([name, name]);
  });

  it("measures flat pictures exactly, and transparency as white", () => {
    expect(flat(255, 255, 255)).toEqual({
      color: "white",
      brightness: expect.closeTo(1, 6),
      contrast: expect.closeTo(0, 4),
      colorfulness: 0,
      textShare: 0,
    });
    expect(flat(0, 0, 0).brightness).toBe(0);
    expect(flat(0, 0, 0, 0)).toEqual(flat(255, 255, 255));
    expect(flat(255, 0, 0).brightness).toBeCloseTo(0.2126, 4);
    // all of one red: only the mean of the opponent colours, .3 · √(255² + 127.5²) / 180
    expect(flat(255, 0, 0).colorfulness).toBeCloseTo((0.3 * Math.hypot(255, 127.5)) / 180, 6);
    const halves = imageFeatures(picture(32, 32, (x) => (x < 16 ? [0, 0, 0] : [255, 255, 255])));
    expect(halves.contrast).toBeCloseTo(0.5, 4);
  });

  it("calls a red dress before a white wall red", () => {
    const dress = imageFeatures(picture(40, 40, (x) => (x < 10 ? [190, 20, 40] : [248, 248, 248])));
    expect(dress.color).toBe("red");
    expect(imageLevels(dress)).toMatchObject({
      "image color": "red",
      "image brightness": "bright",
      "image text": "none",
    });
  });

  it("tells text from photographs", () => {
    const draws = random(1);
    // strokes two pixels wide in lines of eight pixels, as small letters are
    const marks = Array.from({ length: 64 * 64 }, () => draws.uniform() < 0.5);
    const letters: Paint = (x, y) => {
      const ink = y % 16 >= 4 && y % 16 < 12 && marks[(x >> 1) + 64 * (y >> 1)];
      return ink ? [20, 20, 20] : [250, 250, 250];
    };
    const page = imageFeatures(picture(128, 128, letters));
    expect(page.textShare).toBeGreaterThan(0.8);
    const half = imageFeatures(
      picture(128, 128, (x, y) => (x < 64 ? letters(x, y) : [200, 180, 90])),
    );
    expect(half.textShare).toBeGreaterThan(0.4);
    expect(half.textShare).toBeLessThan(0.6);
    const soft = imageFeatures(
      picture(128, 128, (x, y) => {
        const value = 128 + 60 * Math.sin(x / 9) * Math.cos(y / 11) + 6 * draws.normal();
        return [value, value * 0.9, value * 0.7];
      }),
    );
    expect(soft.textShare).toBeLessThan(0.02);
  });

  it("refuses what is no picture", () => {
    expect(() => imageFeatures({ width: 0, height: 4, data: new Uint8Array() })).toThrow(
      "no pixel",
    );
    expect(() => imageFeatures({ width: 2, height: 2, data: new Uint8Array(12) })).toThrow(
      "16 bytes of RGBA, got 12",
    );
    expect(flat(9, 9, 9)).toBeDefined();
    expect(imageFeatures(picture(1, 1, () => [0, 0, 255])).color).toBe("blue");
  });
});
