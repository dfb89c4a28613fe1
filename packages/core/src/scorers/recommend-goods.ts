import type { Items } from "@inchworm/store";
import type { RecommendSettings } from "./recommend-options.js";

/** Everything that may be recommended, one value per item. */
export interface Goods {
  readonly ids: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  readonly names: readonly string[];
  readonly categories: readonly (string | undefined)[];
  readonly brands: readonly (string | undefined)[];
  /** The only country or region that can have it, in lower case. */
  readonly regions: readonly (string | undefined)[];
  /** 1 = the category rules let it through. */
  readonly ruled: Uint8Array;
  /** 1 = ruled in, and to be had today. */
  readonly open: Uint8Array;
  /** `NaN` where not known. */
  readonly prices: Float64Array;
  readonly margins: Float64Array;
  readonly costs: Float64Array;
}

/** Ids of everything of the kind: what is in the catalogue, and what people merely had. In the order of their code points. */
export function idsOf(
  items: Items,
  kind: RecommendSettings["kind"],
  had: readonly string[],
): string[] {
  const ids = new Set(had);
  items.ids.forEach((id, at) => {
    if (items.kinds[at] === kind) ids.add(id);
  });
  return [...ids].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

/** What the catalogue says of these; what is not in it has no category, and can be had. */
export function goodsOf(
  items: Items,
  ids: readonly string[],
  { include, exclude }: Pick<RecommendSettings, "include" | "exclude">,
): Goods {
  const rows = new Map(items.ids.map((id, row) => [id, row]));
  const row = (id: string): number => rows.get(id) ?? -1;
  const categories = ids.map((id) => items.categories[row(id)]);
  const wanted = new Set(include);
  const unwanted = new Set(exclude);
  const ruled = Uint8Array.from(categories, (category) => {
    const isIn = wanted.size === 0 || (category !== undefined && wanted.has(category));
    return isIn && !(category !== undefined && unwanted.has(category)) ? 1 : 0;
  });
  const number = (values: Float64Array) =>
    Float64Array.from(ids, (id) => values[row(id)] ?? Number.NaN);
  return {
    ids,
    places: new Map(ids.map((id, place) => [id, place])),
    names: ids.map((id) => items.names[row(id)] ?? id),
    categories,
    brands: ids.map((id) => items.brands[row(id)]),
    regions: ids.map((id) => items.regions[row(id)]?.toLowerCase()),
    ruled,
    open: Uint8Array.from(ids, (id, place) =>
      ruled[place] === 1 ? (items.available[row(id)] ?? 1) : 0,
    ),
    prices: number(items.prices),
    margins: number(items.margins),
    costs: number(items.costs),
  };
}
