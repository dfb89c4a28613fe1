import { random } from "@inchworm/learn";
import type { Item, RecordBatch } from "@inchworm/spec";

const day = 86_400_000;
export const opened = Date.UTC(2025, 0, 1);
export const until = opened + 180 * day;
export const source = { name: "shop:events", system: "shop" };

export const categories = ["kitchen", "garden", "books", "toys"] as const;
/** Items of each category. */
const each = 15;
export const itemsOf = (category: string): string[] =>
  Array.from({ length: each }, (_, at) => `${category}-${String(at).padStart(2, "0")}`);

export interface PlantedOptions {
  readonly people?: number;
  readonly seed?: number;
  /** Without it everybody likes everything alike. */
  readonly hasTastes?: boolean;
  readonly items?: (item: Item) => Item;
}

/**
 * A shop of four categories: each person buys and looks at things of one of them nine times in ten, and of each category the first
 * things more often than the last. Coffee is bought again and again, by everybody; nothing else is.
 */
export function plantedShop(options: PlantedOptions = {}): RecordBatch {
  const { people = 300, seed = 1, hasTastes = true, items = (item) => item } = options;
  const { below, uniform } = random(seed);
  const orderLine: Required<RecordBatch>["orderLine"][number][] = [];
  const engagement: Required<RecordBatch>["engagement"][number][] = [];
  for (let person = 0; person < people; person++) {
    const contact = `${person}`;
    const taste = categories[person % categories.length];
    const bought = new Set<string>();
    const pick = (): string => {
      const liked = hasTastes && uniform() < 0.9 ? taste : categories[below(categories.length)];
      return itemsOf(liked)[Math.floor(each * uniform() ** 1.5)];
    };
    for (
      let at = opened + 30 * day * uniform();
      at < until;
      at += 25 * day * -Math.log(uniform())
    ) {
      const order = `o${orderLine.length}`;
      const wanted = new Set([pick(), pick()].filter((item) => !bought.has(item)));
      if (uniform() < 0.5) wanted.add("coffee");
      for (const item of wanted) {
        bought.add(item === "coffee" ? "" : item);
        orderLine.push({ order, contact, at, item, quantity: 1, unitPrice: 10 });
      }
      const looked = { contact, type: "view", at: at - day * uniform(), item: pick() } as const;
      if (looked.at >= opened) engagement.push({ id: `v${engagement.length}`, ...looked });
    }
  }
  const catalogue: Item[] = categories.flatMap((category) =>
    itemsOf(category).map((id) => ({ id, name: id.replace("-", " "), category, price: 10 })),
  );
  catalogue.push({ id: "coffee", name: "Coffee", category: "food", price: 10 });
  return {
    // the last one has done nothing
    contact: Array.from({ length: people + 1 }, (_, person) => ({
      id: `${person}`,
      country: person % 2 === 0 ? "DE" : "FR",
      createdAt: opened,
    })),
    item: catalogue.map(items),
    orderLine,
    engagement,
  };
}
