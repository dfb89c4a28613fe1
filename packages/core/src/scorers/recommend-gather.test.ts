import { type Interactions, openStore } from "@inchworm/store";
import { expect, it } from "vitest";
import { gatherPast } from "./recommend-gather.js";
import { goodsOf, idsOf } from "./recommend-goods.js";
import { settingsOf } from "./recommend-options.js";
import { pastOf, repeatGoods } from "./recommend-past.js";
import { plantedShop, source, until } from "./recommend-shop.fixture.js";

it("a past read in parts is that of all pairs at once, also of people who have none", async () => {
  const store = await openStore(":memory:");
  await store.ingest(source, { records: plantedShop({ people: 24 }), cursor: {} });
  const settings = settingsOf({});
  const { kind, weights } = settings;
  const asked = { asOf: until, kind, weights };
  const catalogue = await store.items();
  const pairs = await store.interactions(asked);
  const goods = goodsOf(catalogue, idsOf(catalogue, kind, pairs.ids), settings);
  const repeat = repeatGoods(pairs, goods);
  // some before, between and behind those who have any
  const everybody = Int32Array.of(-3, ...pairs.contacts, 900, 901);
  const without = pairs.contacts.filter((_, place) => place % 5 !== 2);
  const parts: Interactions[] = [];
  for await (const part of store.interactionParts({ ...asked, atATime: 1 })) parts.push(part);
  expect(parts).toHaveLength(pairs.contacts.length);
  for (const some of [parts, [pairs]])
    for (const contacts of [everybody, without, pairs.contacts]) {
      let heard = 0;
      const gathered = await gatherPast(oneByOne(some), {
        goods: () => goods,
        contacts,
        rules: settings,
        repeat,
        asOf: until,
        onPart: () => heard++,
      });
      expect(heard).toBe(some.length);
      const { banned, ...past } = pastOf(pairs, contacts, goods, repeat, settings, until);
      expect(gathered).toMatchObject(past);
      expect(gathered.contacts).toEqual(contacts);
      expect(gathered.repeat).toEqual(repeat);
      for (let user = 0; user < contacts.length; user++)
        expect(gathered.banned(user)).toEqual(banned(user));
    }
  const rest = { goods: () => goods, rules: settings, asOf: until };
  const own = await gatherPast(oneByOne(parts), rest);
  expect(own.contacts).toEqual(pairs.contacts);
  expect(own.interactions.items).toHaveLength(pairs.items.length);
  await store.close();
});

async function* oneByOne<T>(parts: readonly T[]): AsyncGenerator<T> {
  yield* parts;
}
