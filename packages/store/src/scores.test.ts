import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.js";
import { meta } from "./meta.js";
import { models, saveModel } from "./models.js";
import { prepareStore } from "./prepare.js";
import { saveScoreParts, saveScores, scoreSummary, scoresOf } from "./scores.js";
import type { Drift, Scores, StoredModel } from "./types/scores.js";

let database: Database;
beforeEach(async () => {
  database = await openDatabase(":memory:");
  await prepareStore(database);
});
afterEach(() => database.close());

const scores: Scores = {
  scorer: "churn",
  modelId: "churn-1",
  asOf: 86_400_000,
  contacts: Int32Array.of(1, 2, 3),
  fields: { churn_probability: [0.25, null, 0.75], churn_band: ["low", null, "high"] },
  reasons: [["last order 3 days ago"], [], ['said "never again", 100 %']],
  abstained: [undefined, "no order yet", undefined],
};

const stored = (id: string, scorer: string): StoredModel => ({
  id,
  scorer,
  options: { horizonDays: 90 },
  card: { scorer } as StoredModel["card"],
  artifact: { deep: [1, { x: null }] },
  reference: { rows: 3, features: [{ edges: [0.5] }] },
  trainedAt: 1_700_000_000_000,
});

describe("scores", () => {
  it("keep what is said of drift, until the next ones", async () => {
    const moved = { name: "orders_90d", effect: 0.4, p: 1e-9, least: 0.1, moved: true };
    const drift: Drift = {
      since: 0,
      rows: [100, 90],
      retrain: true,
      because: "It moved.",
      score: moved,
      features: [moved],
    };
    await saveScores(database, { ...scores, drift });
    expect((await scoreSummary(database))[0].drift).toEqual(drift);
    await saveScores(database, scores);
    expect(await scoreSummary(database)).toEqual([expect.not.objectContaining({ drift })]);
  });

  it("come back as they were saved", async () => {
    await saveScores(database, scores);
    const common = { scorer: "churn", modelId: "churn-1", asOf: 86_400_000 };
    expect(await scoresOf(database, 3)).toEqual([
      {
        ...common,
        values: { churn_probability: 0.75, churn_band: "high" },
        reasons: ['said "never again", 100 %'],
      },
    ]);
    expect(await scoresOf(database, 2)).toEqual([
      {
        ...common,
        values: { churn_probability: null, churn_band: null },
        reasons: [],
        abstained: "no order yet",
      },
    ]);
    expect(await scoresOf(database, 4)).toEqual([]);
  });

  it("replace the scorer's earlier ones, leave other scorers' alone, and age plans", async () => {
    await saveScores(database, scores);
    await saveScores(database, { ...scores, scorer: "other", contacts: Int32Array.of(1, 2, 9) });
    const before = await meta(database, "scores");
    const none = { contacts: new Int32Array(0), fields: {}, reasons: [], abstained: [] };
    await saveScores(database, { ...scores, ...none });
    expect(await scoresOf(database, 1)).toMatchObject([{ scorer: "other" }]);
    expect(Number(await meta(database, "scores"))).toBeGreaterThan(Number(before));
  });

  it("come a part at a time, and stay as they were when a part cannot be made", async () => {
    const {
      drift: _,
      contacts,
      fields,
      reasons,
      abstained,
      ...head
    } = { drift: undefined, ...scores };
    const rows = (from: number, to: number) => ({
      contacts: contacts.subarray(from, to),
      fields: Object.fromEntries(
        Object.entries(fields).map(([name, values]) => [name, values.slice(from, to)]),
      ),
      reasons: reasons.slice(from, to),
      abstained: abstained.slice(from, to),
    });
    await saveScores(database, { ...scores, contacts: contacts.map((contact) => contact + 100) });
    await expect(saveScoreParts(database, head, failing([rows(0, 1)]))).rejects.toThrow(/no more/);
    expect(await scoresOf(database, contacts[0])).toEqual([]);
    expect(await scoresOf(database, contacts[0] + 100)).toHaveLength(1);
    await saveScoreParts(database, head, [rows(0, 1), rows(1, contacts.length)]);
    const inParts = await Promise.all(Array.from(contacts, (one) => scoresOf(database, one)));
    await saveScores(database, scores);
    const atOnce = await Promise.all(Array.from(contacts, (one) => scoresOf(database, one)));
    expect(inParts).toEqual(atOnce);
  });

  it("are counted by scorer, abstention and category", async () => {
    await saveScores(database, scores);
    expect(await scoreSummary(database)).toEqual([
      {
        scorer: "churn",
        modelId: "churn-1",
        asOf: 86_400_000,
        scored: 2,
        abstained: 1,
        abstentions: { "no order yet": 1 },
        categories: { churn_band: { high: 1, low: 1 } },
      },
    ]);
  });
});

async function* failing<T>(parts: readonly T[]): AsyncGenerator<T> {
  yield* parts;
  throw new Error("no more");
}

describe("models", () => {
  it("give the latest of each scorer, in the order they were saved", async () => {
    await saveModel(database, stored("churn-1", "churn"), Int32Array.of(1));
    await saveModel(database, stored("segments-1", "segments"), Int32Array.of());
    await saveModel(database, stored("churn-2", "churn"), Int32Array.of(1));
    expect((await models(database)).map(({ id }) => id)).toEqual(["segments-1", "churn-2"]);
    const [churn] = await models(database, "churn");
    expect(churn).toEqual({ ...stored("churn-2", "churn"), forgotten: 1 });
  });

  it("saved again under one id are one model", async () => {
    for (let time = 0; time < 2; time++)
      await saveModel(database, stored("churn-1", "churn"), Int32Array.of(1, 2));
    const [{ members }] = await database.rows<{ members: number }>(
      "select count(*) as members from model_members",
    );
    expect(members).toBe(2);
    expect(await models(database)).toHaveLength(1);
  });
});
