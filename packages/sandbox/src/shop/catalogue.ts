import type { Item } from "@inchworm/spec";
import { random } from "./random.js";
import { type Picker, picker } from "./weights.js";

const categories: readonly (readonly [name: string, price: number, things: string])[] = [
  ["Coffee", 14, "Espresso Filter-Roast Decaf Cold-Brew"],
  ["Tea", 11, "Darjeeling Sencha Rooibos Earl-Grey"],
  ["Chocolate", 9, "Dark-Bar Truffles Nougat Pralines"],
  ["Kitchen", 38, "Skillet Chef's-Knife Grater Casserole"],
  ["Tableware", 27, "Plate Bowl Mug Carafe"],
  ["Bedding", 64, "Duvet Pillow Sheet Blanket"],
  ["Bath", 24, "Towel Robe Mat Sponge"],
  ["Candles", 19, "Pillar-Candle Tealights Scented-Candle Lantern"],
  ["Stationery", 13, "Notebook Pen Planner Ink"],
  ["Books", 18, "Novel Cookbook Atlas Guide"],
  ["Toys", 25, "Puzzle Blocks Kite Train"],
  ["Garden", 33, "Planter Trowel Seeds Hose"],
  ["Pets", 21, "Leash Treats Basket Brush"],
  ["Running", 72, "Shoes Shorts Jacket Socks"],
  ["Yoga", 41, "Mat Block Strap Bolster"],
  ["Skincare", 29, "Serum Cream Cleanser Balm"],
  ["Jewellery", 88, "Ring Necklace Bracelet Earrings"],
  ["Bags", 95, "Backpack Tote Satchel Pouch"],
  ["Knitwear", 79, "Cardigan Pullover Scarf Gloves"],
  ["Shirts", 49, "Linen-Shirt Oxford-Shirt Tee Blouse"],
];
const kinds = [
  "classic",
  "small",
  "large",
  "refined",
  "signature",
  "plain",
  "rosé",
  "gift",
  "limited",
];

/** How many items a category holds. */
const depth = 50;

/** What the shop sells, and how people pick from it. */
export interface Catalogue {
  readonly items: readonly Item[];
  readonly categories: readonly string[];
  /** Price of each item in cents of the shop's currency. */
  readonly cents: Int32Array;
  /** Some categories sell more than others. */
  readonly popularCategory: Picker;
  /** Mean price over a category's sales, in cents. */
  readonly meanCents: Float64Array;
  /** Index of an item of a category; popularity falls as rank^-1.05 (Zipf). */
  pick(category: number, u: number): number;
}

export const shopCurrency = "EUR";

export function catalogue(seed: number): Catalogue {
  const draws = random(seed).at(0, 101);
  const items: Item[] = [];
  const cents = new Int32Array(categories.length * depth);
  const zipf = picker(
    Float64Array.from({ length: depth }, (_, rank) => Math.exp(-1.05 * Math.log(rank + 1))),
  );
  const meanCents = new Float64Array(categories.length);

  categories.forEach(([category, price, thingNames], c) => {
    const things = thingNames.split(" ").map((thing) => thing.replaceAll("-", " "));
    // the best-selling things are not always the cheap ones
    for (let rank = 0; rank < depth; rank++) {
      const index = c * depth + rank;
      const kind = kinds[draws.below(kinds.length)];
      const number = Math.floor(rank / things.length) + 1;
      cents[index] = Math.max(2, Math.round(price * (0.45 + 0.55 * draws.gamma(2)))) * 100 - 10;
      meanCents[c] += zipf.chance[rank] * cents[index];
      items.push({
        id: `I${String(index + 1).padStart(4, "0")}`,
        name: `${things[rank % things.length]} No. ${number}, ${kind}`,
        category,
        price: cents[index] / 100,
        currency: shopCurrency,
      });
    }
  });

  return {
    items,
    categories: categories.map(([name]) => name),
    cents,
    popularCategory: picker(Float64Array.from(categories, (_, c) => 1 / (c + 4))),
    meanCents,
    pick: (category, u) => category * depth + zipf.pick(u),
  };
}
