import { InchwormError } from "@inchworm/spec";
import type { Goods } from "./recommend-goods.js";

/** What the catalogue says of an item. */
export interface CatalogueItem {
  readonly id: string;
  readonly name: string;
  readonly category?: string;
  /** The only country or region that can have it, in lower case. */
  readonly region?: string;
  readonly price?: number;
  readonly margin?: number;
}

/** What a list may hold, beside what its scorer's own settings say. What is out of stock is in none. */
export interface ListRules {
  /** Items in a list. Defaults to the scorer's. */
  readonly k?: number;
  /** Ids of items not to be given. */
  readonly exclude?: readonly string[];
  /** Only items of these categories. Defaults to all. */
  readonly categories?: readonly string[];
  /** Where it is to be had: items of another country or region are left out. Defaults to the person's own, as far as it is known. */
  readonly region?: string;
  /** Nothing that they had is given again within so many days. Defaults to the scorer's. */
  readonly restDays?: number;
  /** False for what is not to be given. Asked for the best items only. */
  readonly filter?: (item: CatalogueItem) => boolean;
}

/**
 * Whether a list may hold an item.
 *
 * @param homes places where the person lives, in lower case
 * @throws InchwormError "input" naming the rule that cannot be used
 */
export function ruleOf(
  goods: Goods,
  { exclude = [], categories, region, restDays, filter }: ListRules,
  homes: readonly (string | undefined)[] = [],
): (item: number) => boolean {
  if (restDays !== undefined && !(Number.isInteger(restDays) && restDays >= 0))
    throw new InchwormError(
      "input",
      `recommend: "restDays" must be an integer ≥ 0, got ${restDays}.`,
    );
  const excluded = new Set(exclude);
  const wanted = categories && new Set(categories);
  const places = new Set(region === undefined ? homes : [region.toLowerCase()]);
  return (item) => {
    const own = goods.regions[item];
    const category = goods.categories[item];
    return (
      goods.open[item] === 1 &&
      (own === undefined || places.has(own)) &&
      !excluded.has(goods.ids[item]) &&
      (!wanted || (category !== undefined && wanted.has(category))) &&
      (filter?.(catalogueItem(goods, item)) ?? true)
    );
  };
}

function catalogueItem(goods: Goods, item: number): CatalogueItem {
  const category = goods.categories[item];
  const region = goods.regions[item];
  const [price, margin] = [goods.prices[item], goods.margins[item]];
  return {
    id: goods.ids[item],
    name: goods.names[item],
    ...(category !== undefined && { category }),
    ...(region !== undefined && { region }),
    ...(!Number.isNaN(price) && { price }),
    ...(!Number.isNaN(margin) && { margin }),
  };
}
