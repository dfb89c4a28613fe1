import { type ItemKind, itemKinds } from "@inchworm/spec";
import type { Database } from "../database.js";
import type { Items } from "../types/interactions.js";

interface Row {
  readonly item_id: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly kind: string | null;
  readonly region: string | null;
  readonly price: number | null;
  readonly margin: number | null;
  readonly cost: number | null;
  readonly available: boolean | null;
}

/** See `Store.items`. */
export async function items(database: Database): Promise<Items> {
  const rows = await database.rows<Row>(
    "select item_id, name, category, brand, kind, region, price, margin, cost, available from items order by item_id",
  );
  const numbers = (of: (row: Row) => number | null) =>
    Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
  return {
    ids: rows.map(({ item_id }) => item_id),
    names: rows.map(({ item_id, name }) => name ?? item_id),
    kinds: rows.map(({ kind }) => kindOf(kind)),
    categories: rows.map(({ category }) => category ?? undefined),
    brands: rows.map(({ brand }) => brand ?? undefined),
    regions: rows.map(({ region }) => region ?? undefined),
    prices: numbers(({ price }) => price),
    margins: numbers(({ margin }) => margin),
    costs: numbers(({ cost }) => cost),
    available: Uint8Array.from(rows, ({ available }) => (available === false ? 0 : 1)),
  };
}

const kindOf = (kind: string | null): ItemKind =>
  itemKinds.find((known) => known === kind) ?? "product";
