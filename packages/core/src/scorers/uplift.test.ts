import { random } from "@inchworm/learn";
import { InchwormError, type Order } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cardMarkdown } from "../markdown.js";
import type { Answers, Trained } from "../scorer.js";
import { day } from "../windows.js";
import { uplift } from "./uplift.js";

const start = 20_000 * day;
const asOf = start + 40 * day;
const people = 900;

/** Whoever ordered shortly before is moved by the spring mail, nobody by the autumn one. */
async function shop(store: Store, seed: number) {
  const { uniform, below } = random(seed);
  const contact = Array.from({ length: people }, (_, index) => ({
    id: `K${index}`,
    createdAt: start - 900 * day,
  }));
  const recent = contact.map(() => uniform() < 0.5);
  const order: Order[] = contact.map(({ id }, index) => ({
    id: `before ${id}`,
    contact: id,
    at: start - (recent[index] ? 1 + below(15) : 100 + below(200)) * day,
    total: 10 + below(50),
  }));
  const from = { name: "shop:contacts", system: "shop" };
  await store.ingest(from, { records: { contact, order }, cursor: {} });
  const halves = [
    { name: "holdout", share: 0.5 },
    { name: "mail", share: 0.5 },
  ];
  await store.holdOut({ name: "spring", arms: halves }, { now: start });
  await store.holdOut({ name: "autumn", arms: halves }, { now: start });
  const { contacts, arms } = await store.holdoutArms("spring");
  const mailed = new Set(contacts.filter((_, row) => arms[row] === 1));
  const later: Order[] = [];
  for (const [index, { id }] of contact.entries()) {
    const found = await store.find(`shop:${id}`);
    const moved = found && mailed.has(found.contact) && recent[index];
    if (uniform() < (moved ? 0.6 : 0.1))
      later.push({ id: `after ${id}`, contact: id, at: start + (1 + below(25)) * day, total: 20 });
  }
  await store.ingest(from, { records: { order: later }, cursor: {} });
  return recent;
}

let store: Store;
let recent: boolean[];
beforeAll(async () => {
  store = await openStore(":memory:");
  recent = await shop(store, 3);
});
afterAll(() => store.close());

describe("uplift", () => {
  const scorer = uplift({ treatment: "spring", value: 20, cost: 1 });
  let trained: Trained;
  let answers: Answers;
  beforeAll(async () => {
    trained = await scorer.train(store, { asOf, seed: 1 });
    answers = await scorer.score(store, JSON.parse(JSON.stringify(trained.artifact)), {
      asOf: start,
    });
  });

  it("finds whom the message changes, and has a card that says so", () => {
    const { card, seen } = trained;
    if (card.kind !== "uplift") throw new Error(card.kind);
    expect(card).toMatchObject({ verdict: "published", arm: "mail", control: "holdout" });
    expect(card.counts).toMatchObject({ trainingRows: people, evaluationRows: people });
    expect(card.metrics.qini.low).toBeGreaterThan(0);
    expect(card.rule.effect.low).toBeLessThan(0.25);
    expect(card.rule.effect.high).toBeGreaterThan(0.25);
    expect(card.metrics.uplift30).toBeGreaterThan(card.rule.effect.value + 0.1);
    expect(card.windows.training.cutoffs).toEqual([start]);
    expect(card.drivers[0].feature).toMatch(/^(days_since|orders_|spend_|gap)/);
    expect(seen).toHaveLength(people);
    const told = cardMarkdown(card);
    expect(told).toContain("people that training never saw");
    expect(told).toContain("| mail | 0.");
  });

  it("says for each contact what it brings", async () => {
    const { fields, contacts, reasons, abstained } = answers;
    expect(Object.keys(fields)).toEqual(scorer.fields.map(({ name }) => name));
    expect(abstained.every((why) => why === undefined)).toBe(true);
    let right = 0;
    for (const [index, isRecent] of recent.entries()) {
      const found = await store.find(`shop:K${index}`);
      const row = contacts.indexOf(found?.contact ?? -1);
      const moved = fields.uplift_group[row] === "persuadable";
      if (moved === isRecent) right++;
      const effect = Number(fields.uplift[row]);
      expect(fields.uplift_gain[row]).toBeCloseTo(20 * effect - 1, 1);
      expect(fields.uplift_value_per_cost[row]).toBeCloseTo(20 * effect, 1);
      expect(Number(fields.uplift_low[row])).toBeLessThanOrEqual(effect);
      if (moved) expect(fields.uplift_arm[row]).toBe("mail");
    }
    expect(right / people).toBeGreaterThan(0.9);
    expect(reasons.flat().some((reason) => /^last order \d+ days? ago/.test(reason))).toBe(true);
  });

  it("gives the same bytes for the same seed", async () => {
    const again = await scorer.train(store, { asOf, seed: 1 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(trained));
  });
});

it("withholds itself where there is nothing to rank by, and says what to do", async () => {
  const { card } = await uplift({ treatment: "autumn" }).train(store, { asOf, seed: 1 });
  expect(card.verdict).toBe("withheld");
  expect(card.because).toMatch(/^no signal: treat all or none\. No learner ranks people better/);
  expect(card.kind === "uplift" && card.arms[0].treat).toBe("undecided");
});

it("says what is missing", async () => {
  const train = (options: object, until = asOf) =>
    uplift({ treatment: "spring", ...options }).train(store, { asOf: until, seed: 1 });
  await expect(train({ treatment: "summer" })).rejects.toThrow('there is no holdout "summer"');
  await expect(train({ treatment: "summer" })).rejects.toSatisfy(
    (error) =>
      InchwormError.is(error, "not-found") && /^Known are .*"spring"/.test(error.hint ?? ""),
  );
  // nobody's thirty days are over yet
  await expect(train({}, start + 29 * day)).rejects.toThrow(
    'needs 100 people in "holdout" of "spring" whose 30 days are over, there are 0: 100 are missing',
  );
  await expect(train({ outcome: "clicked" })).rejects.toThrow(
    'everybody has the same "clicked", 0',
  );
  expect(() => uplift({ outcome: "fame" as never })).toThrow('there is no outcome "fame"');
  expect(() => uplift({ value: 0 })).toThrow('"value" must be a number > 0');
  expect(() => uplift({ horizonDays: 0 })).toThrow("horizonDays");
  await expect(uplift().score(store, { scorer: "churn" }, { asOf })).rejects.toSatisfy((error) =>
    InchwormError.is(error, "artifact"),
  );
});
