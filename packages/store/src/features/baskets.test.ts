import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { openStore } from "../store.js";

const asOf = Date.UTC(2025, 5, 15);
const source = { name: "shop:events", system: "shop" };

describe("baskets", () => {
  it("count orders with each item and with each pair, of those who allow it and of the past alone", async () => {
    const store = await openStore(":memory:");
    const line = (
      order: string,
      contact: string | undefined,
      item: string,
      quantity = 1,
      at = asOf - 1,
    ) => ({
      order,
      item,
      quantity,
      at,
      unitPrice: 5,
      ...(contact && { contact }),
    });
    const crowd = Array.from({ length: 101 }, (_, at) => line("wholesale", "1", `w${at}`));
    await store.ingest(source, {
      records: {
        contact: [{ id: "1" }, { id: "2" }],
        item: [{ id: "guide", kind: "content" }],
        consent: [{ contact: "2", purpose: "profiling", status: "denied", at: asOf }],
        orderLine: [
          ...["cup", "tea", "guide"].map((item) => line("a", "1", item)),
          ...["tea", "cup", "tea"].map((item) => line("b", undefined, item)),
          ...["cup", "tea"].map((item) => line("c", "2", item)),
          ...["cup", "tea"].map((item) => line("d", "1", item, 1, asOf)),
          line("e", "1", "cup"),
          line("e", "1", "tea", -1),
          line("f", "1", "tea"),
          ...crowd,
          line("wholesale", "1", "cup"),
          line("wholesale", "1", "tea"),
        ],
      },
      cursor: {},
    });
    const found = await store.baskets({ asOf, least: 2 });
    expect(found.baskets).toBe(5);
    const count = (id: string) => found.counts[found.ids.indexOf(id)];
    expect([count("cup"), count("tea"), found.ids.includes("guide")]).toEqual([4, 4, false]);
    const pairs = Array.from(found.together, (together, at) => [
      found.ids[found.first[at]],
      found.ids[found.second[at]],
      together,
    ]);
    expect(pairs).toEqual([["cup", "tea", 2]]);
    expect((await store.baskets({ asOf, least: 3 })).together).toHaveLength(0);
    expect((await store.baskets({ asOf, since: asOf, least: 1 })).baskets).toBe(0);
    await expect(store.baskets({ asOf, least: 0 })).rejects.toSatisfy((error) =>
      InchwormError.is(error, "input"),
    );
    await store.close();
  });
});
