export const colorNames = [
  "black",
  "grey",
  "white",
  "red",
  "orange",
  "yellow",
  "green",
  "turquoise",
  "blue",
  "purple",
  "pink",
  "brown",
] as const;
export type ColorName = (typeof colorNames)[number];

/** Names by hue in degrees, up to each end. */
const hues: readonly (readonly [end: number, name: ColorName])[] = [
  [14, "red"],
  [43, "orange"],
  [69, "yellow"],
  [165, "green"],
  [196, "turquoise"],
  [256, "blue"],
  [292, "purple"],
  [343, "pink"],
  [360, "red"],
];

/** What people call a colour of sRGB, 0 to 255 each. */
export function colorName(red: number, green: number, blue: number): ColorName {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const spread = most - least;
  const light = (most + least) / 510;
  if (light < 0.09) return "black";
  if (light > 0.95) return "white";
  const saturation = spread / (255 * (1 - Math.abs(2 * light - 1)));
  if (saturation < 0.13 || spread < 14)
    return light < 0.16 ? "black" : light > 0.86 ? "white" : "grey";
  const turn =
    most === red
      ? ((green - blue) / spread + 6) % 6
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4;
  const hue = 60 * turn;
  // dark orange is called brown, and light red pink
  if (hue >= 10 && hue < 45 && light < 0.36) return "brown";
  if ((hue < 14 || hue >= 343) && light > 0.72) return "pink";
  return (hues.find(([end]) => hue < end) ?? hues[0])[1];
}
