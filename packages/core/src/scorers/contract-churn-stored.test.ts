import { random } from "@inchworm/learn";
import type { Contract, Engagement } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { day } from "../windows.js";
import { contractChurn } from "./contract-churn.js";

const today = 20_000;
const asOf = today * day;
const horizonDays = 45;
const scorer = contractChurn({ horizonDays });

/**
 * 500 days of contracts. Planted: the basic plan is left four times as fast, and visits stop three weeks before notice; with noise,
 * plans are left alike and visits go on for ever.
 */
function madeUp(count: number, seed: number, noise = false) {
  const { uniform, below } = random(seed);
  const wait = (mean: number) => -mean * Math.log(1 - uniform());
  const engagement: Engagement[] = [];
  const contract: Contract[] = [];
  for (let number = 0; number < count; number++) {
    const plan = ["basic", "pro"][below(2)];
    const begun = today - 500 + 440 * uniform();
    const left = begun + wait(noise ? 150 : plan === "basic" ? 90 : 360);
    const quiet = Math.min(noise ? Infinity : left - 20, today + 60);
    for (let at = begun; at < quiet; at += wait(6))
      engagement.push({ contact: `p${number}`, type: "visit", at: at * day });
    contract.push({
      id: `c${number}`,
      contact: `p${number}`,
      start: begun * day,
      plan,
      price: 10,
      ...(left < today + 60 && { cancelledAt: left * day }),
    });
  }
  return { contract, engagement };
}

async function storeOf(records: ReturnType<typeof madeUp>): Promise<Store> {
  const store = await openStore(":memory:");
  await store.ingest({ name: "billing", system: "billing" }, { records, cursor: {} });
  return store;
}
const before = (records: ReturnType<typeof madeUp>) => ({
  engagement: records.engagement.filter(({ at }) => at < asOf),
  contract: records.contract
    .filter(({ start }) => start < asOf)
    .map(({ cancelledAt, ...rest }) => ({
      ...rest,
      ...(cancelledAt !== undefined && cancelledAt < asOf && { cancelledAt }),
    })),
});

describe("contractChurn on the contracts of a store", () => {
  const records = madeUp(700, 1);
  let store: Store;
  let trained: Awaited<ReturnType<typeof scorer.train>>;
  beforeAll(async () => {
    store = await storeOf(records);
    trained = await scorer.train(store, { asOf, seed: 1 });
  }, 60_000);
  afterAll(() => store.close());

  it("learns from what people did under their contracts, and beats every single column", async () => {
    const { card, seen } = trained;
    if (card.kind !== "probability") throw new Error("not a probability");
    expect(card.verdict).toBe("published");
    const [first, ...others] = card.drivers.map(({ feature }) => feature);
    expect(first).toBe("plan");
    expect(others.slice(0, 2).join()).toMatch(/visit|active_days/);
    expect(card.rule.name).toMatch(/ alone$/);
    expect(card.metrics.auc.value).toBeGreaterThan(0.7);
    expect(card.windows.evaluation.cutoff).toBe(asOf - horizonDays * day);
    expect(seen).toHaveLength(700);
    expect(scorer.options).toEqual({ horizonDays });
  });

  it("is the same where the future has not been told yet", async () => {
    const past = await storeOf(before(records));
    const other = await scorer.train(past, { asOf, seed: 1 });
    expect(other.card).toEqual(trained.card);
    const answers = [store, past].map((one) => scorer.score(one, trained.artifact, { asOf }));
    expect(await answers[0]).toEqual(await answers[1]);
    await past.close();
  });

  it("scores whoever has a running contract, with reasons in words, and comes true", async () => {
    const { contacts, fields, reasons, abstained } = await scorer.score(
      store,
      JSON.parse(JSON.stringify(trained.artifact)),
      { asOf },
    );
    expect(new Set(abstained)).toEqual(new Set([undefined, "no running contract"]));
    const outcome = await scorer.outcome?.observe(store, {
      contacts,
      from: asOf,
      to: asOf + horizonDays * day,
    });
    let [foretold, came, rows] = [0, 0, 0];
    for (const [row, probability] of fields.contract_churn_probability.entries()) {
      expect(probability === null).toBe(Number.isNaN(outcome?.[row]));
      if (probability === null) continue;
      foretold += Number(probability);
      came += outcome?.[row] ?? 0;
      rows++;
    }
    expect(rows).toBeGreaterThan(100);
    expect(Math.abs(foretold - came) / rows).toBeLessThan(0.08);
    const sure = reasons.filter((_, row) => Number(fields.contract_churn_probability[row]) > 0.5);
    expect(sure.length).toBeGreaterThan(5);
    for (const own of sure) expect(own.join(" · ")).toMatch(/plan: basic|visit|active on/);
  });

  it("counts before training, and says what is missing", async () => {
    const preview = await scorer.preview?.(store, { asOf });
    const { card } = trained;
    expect(preview).toMatchObject({
      population: card.counts.evaluationRows,
      positives: card.kind === "probability" && card.counts.evaluationPositives,
      needed: 50,
    });
    const empty = await openStore(":memory:");
    await expect(scorer.train(empty, { asOf, seed: 1 })).rejects.toThrow(
      "contract-churn: there are no contracts yet.",
    );
    await empty.close();
  });

  it("withholds itself where nothing tells contracts apart", async () => {
    const noise = await storeOf(madeUp(700, 11, true));
    const { card } = await scorer.train(noise, { asOf, seed: 1 });
    expect(card.verdict).toBe("withheld");
    await noise.close();
  });

  it("asks of a contract that came back again, and not of one while it is cancelled", async () => {
    const few = await openStore(":memory:");
    const contract: Contract[] = [
      { id: "a", contact: "1", start: asOf - 400 * day, cancelledAt: asOf - 100 * day },
      {
        id: "b",
        contact: "2",
        start: asOf - 400 * day,
        cancelledAt: asOf - 100 * day,
        renewedAt: asOf - 50 * day,
      },
      { id: "c", contact: "3", start: asOf - 400 * day, end: asOf + 10 * day },
    ];
    const give = (own: Contract[]) =>
      few.ingest(
        { name: "billing", system: "billing" },
        { records: { contract: own }, cursor: {} },
      );
    await give(contract);
    const contacts = Int32Array.of(1, 2, 3);
    const observed = async (from: number, to: number) =>
      Array.from(
        (await scorer.outcome?.observe(few, {
          contacts,
          from: asOf + from * day,
          to: asOf + to * day,
        })) ?? [],
      );
    expect(await observed(-200, -110)).toEqual([0, 0, 0]);
    expect(await observed(-110, -20)).toEqual([1, 1, 0]);
    expect(await observed(-60, -10)).toEqual([Number.NaN, Number.NaN, 0]);
    expect(await observed(-20, 30)).toEqual([Number.NaN, 0, 1]);
    await give([{ ...contract[2], renewedAt: asOf + 10 * day }]);
    expect(await observed(-20, 30)).toEqual([Number.NaN, 0, 0]);
    await few.close();
  });
});
