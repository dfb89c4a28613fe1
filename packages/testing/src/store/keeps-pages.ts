import { InchwormError } from "@inchworm/spec";
import { expect, it } from "vitest";
import { type Bench, crm, day, history, shop } from "./bench.js";

/** Pages and cursors are one, repeats and the order of pages make no difference, and people are one under all their names. */
export function keepsPages(bench: Bench): void {
  const { give, tell, people, known, reopen, another } = bench;

  it("keeps a page and its cursor, also after opening again", async () => {
    expect(await bench.store.cursor(crm.name)).toBeUndefined();
    await give(history[0][1], crm, 7);
    await give({}, crm, 8);
    await reopen();
    expect(await bench.store.cursor(crm.name)).toEqual({ at: 8 });
    expect(await bench.store.cursor(shop.name)).toBeUndefined();
    expect((await bench.store.find("ada@example.com"))?.identities).toHaveLength(2);
  });

  it("keeps neither record nor cursor of a page that it refuses", async () => {
    const faulty = { id: "o", contact: "1", at: Number.NaN, total: 1 };
    const work = bench.store.ingest(crm, {
      records: { ...history[0][1], order: [faulty] },
      cursor: { at: 1 },
    });
    await expect(work).rejects.toSatisfy((error) => InchwormError.is(error));
    expect(await bench.store.cursor(crm.name)).toBeUndefined();
    expect((await bench.store.summary()).contacts).toBe(0);
  });

  it("is the same after pages come again, in whichever order", async () => {
    await tell(history);
    const counts = await bench.store.summary();
    const names = await people();
    const features = await known(day(25));
    expect(counts).toMatchObject({ contacts: 5, orders: 8, engagements: 4, profilingDenied: 1 });
    await tell([...history].reverse());
    await tell(history);
    expect(await bench.store.summary()).toEqual(counts);
    expect(await people()).toEqual(names);
    expect(await known(day(25))).toEqual(features);

    await another();
    await tell([...history].reverse());
    expect(await bench.store.summary()).toEqual(counts);
    expect(await people()).toEqual(names);
    expect(await known(day(25))).toEqual(features);
  });

  it("loses nothing of pages that are given at once", async () => {
    const pages = Array.from({ length: 20 }, (_, page) =>
      give({
        order: [
          { id: `p${page}`, contact: "1", at: day(1), total: 1 },
          { id: `q${page}`, contact: `own-${page}`, at: day(1), total: 1 },
        ],
      }),
    );
    await Promise.all(pages);
    expect(await bench.store.summary()).toMatchObject({ contacts: 21, orders: 40 });
  });

  it("keeps the newer version of a record, whichever comes first", async () => {
    const versions = [
      { id: "1", firstName: "Ada", lastName: "King", modifiedAt: day(5) },
      { id: "1", firstName: "A.", lastName: "Byron", modifiedAt: day(2) },
    ];
    for (const contact of [versions, [...versions].reverse()]) {
      for (const version of contact) await give({ contact: [version] });
      const read = [];
      for await (const batch of bench.store.contacts({ batch: 1 })) read.push(...batch);
      expect(read).toMatchObject([{ firstName: "Ada", lastName: "King" }]);
    }
  });

  it("forgets a person for good", async () => {
    await tell(history);
    const ada = (await bench.store.find("crm:1"))?.contact ?? 0;
    await bench.store.forget(ada);
    await tell(history);
    await reopen();
    await tell(history);
    expect(await bench.store.find("ada@example.com")).toBeUndefined();
    expect(await bench.store.find("shop:a")).toBeUndefined();
    expect(await bench.store.summary()).toMatchObject({ contacts: 4, orders: 5, engagements: 1 });
    expect([...(await bench.store.features({ asOf: day(40) })).contacts]).not.toContain(ada);
  });
}
