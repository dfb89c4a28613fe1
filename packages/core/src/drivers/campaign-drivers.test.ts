import { expect, it } from "vitest";
import { account, asOf, plainWords, source } from "../words/account.fixture.js";
import { openWorkspace } from "../workspace.js";

it("finds the word that works in tests, and none in what keen people alone were written", async () => {
  const shop = await openWorkspace(":memory:", { now: () => asOf });
  await expect(shop.drivers()).rejects.toMatchObject({ code: "insufficient-data" });
  const [good] = plainWords;
  await shop.store.ingest(source, {
    records: account({
      campaigns: 80,
      people: 300,
      seed: 3,
      tests: true,
      effects: { [good]: 0.6 },
    }),
    cursor: {},
  });
  const report = await shop.drivers();
  const word = report.drivers.find(({ level, segment }) => level === good && !segment);
  expect(word).toMatchObject({ factor: "term", grade: "randomised", clear: true });
  expect(word?.effect).toBeGreaterThan(0);
  await shop.close();
  const other = await openWorkspace(":memory:", { now: () => asOf });
  await other.store.ingest(source, {
    records: account({ campaigns: 100, people: 300, seed: 4, keenWord: "keenly" }),
    cursor: {},
  });
  const keen = (await other.drivers()).drivers.find(
    ({ level, segment }) => level === "keenly" && !segment,
  );
  expect(keen?.crude).toBeGreaterThan(0.1);
  expect(keen?.grade).not.toBe("randomised");
  expect(keen?.relative).toBeLessThan((keen?.crude as number) / 2);
  await other.close();
});
