import { random } from "@inchworm/learn";
import type { ModelCard } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cardMarkdown } from "../markdown.js";
import type { History, Scorer } from "../scorer.js";
import { openWorkspace, type Workspace } from "../workspace.js";

const day = 86_400_000;
const start = Date.UTC(2025, 0, 1);
const people = 400;
const horizonDays = 30;

const measured = (value: number) => ({ value, low: value, high: value });

/** Says how often somebody ordered of late, as a probability; `flip` makes it say the opposite. */
function toy(options: { readonly flip?: boolean } = {}): Scorer {
  const foretell = async (history: History, asOf: number) => {
    const { contacts, offsets } = await history.orderDays({ asOf, from: asOf - 60 * day });
    const rate = Array.from(contacts, (_, row) => {
      const share = Math.min(1, (offsets[row + 1] - offsets[row]) / 20);
      return options.flip ? 1 - share : share;
    });
    return { contacts, rate };
  };
  return {
    name: "toy",
    options: { ...options },
    fields: [{ name: "toy", label: "Toy", description: "", type: "number", decimals: 3 }],
    async train(_, { asOf, seed }) {
      const metrics = {
        auc: measured(0.9),
        logLoss: measured(0.4),
        brier: measured(0.1),
        calibrationError: measured(0.01),
        liftTopDecile: measured(2),
      };
      const card: ModelCard = {
        kind: "probability",
        scorer: "toy",
        question: "Will they order?",
        verdict: "published",
        because: "It is a toy.",
        trainedAt: asOf,
        windows: {
          training: { cutoffs: [], labelsUntil: asOf },
          evaluation: { cutoff: asOf, labelsUntil: asOf },
          refit: { cutoffs: [], labelsUntil: asOf },
        },
        counts: {
          trainingRows: 1,
          trainingPositives: 1,
          evaluationRows: 1,
          evaluationPositives: 1,
        },
        baseRate: 0.5,
        metrics,
        rule: { name: "none", ...metrics },
        gain: { auc: measured(0), logLoss: measured(0) },
        calibration: [],
        drivers: [],
        seed,
        dataHash: String(asOf),
      };
      return { card, artifact: {}, seen: new Int32Array(0) };
    },
    async score(history, _artifact, { asOf }) {
      const { contacts, rate } = await foretell(history, asOf);
      return {
        contacts,
        fields: { toy: rate },
        reasons: rate.map(() => []),
        abstained: rate.map(() => undefined),
      };
    },
    outcome: {
      field: "toy",
      kind: "probability",
      horizonDays,
      async observe(history, { contacts, from, to }) {
        const ordered = new Set((await history.ordersBetween(from, to)).contacts);
        return Float64Array.from(contacts, (contact) => (ordered.has(contact) ? 1 : 0));
      },
    },
  };
}

let now = start;
let workspace: Workspace;
beforeEach(async () => {
  workspace = await openWorkspace(":memory:", { now: () => now });
});
afterEach(() => workspace.close());

/** Orders of everybody, each at their own rate, in the days up to `until`; on a `spree` everybody orders like mad. */
async function live(from: number, until: number, spree = false): Promise<void> {
  const draws = random(from);
  const order = [];
  for (let on = from; on < until; on += 3)
    for (let person = 0; person < people; person++)
      if (draws.uniform() < (spree ? 0.6 : 0.3 * (person / people) ** 2))
        order.push({
          id: `${on}/${person}`,
          contact: `p${person}`,
          at: start + on * day,
          total: 10,
        });
  await workspace.store.ingest(
    { name: "s", system: "customer" },
    { records: { order }, cursor: {} },
  );
  now = start + until * day;
}

describe("a backtest of past scores", () => {
  it("stands in the card once their days have passed", async () => {
    await live(0, 200);
    const first = await workspace.train([toy()]);
    expect(first.cards[0].backtest).toBeUndefined();
    await workspace.score();
    await live(200, 220);
    expect((await workspace.train([toy()])).cards[0].backtest).toBeUndefined();
    await live(220, 240);
    const [card] = (await workspace.train([toy()])).cards;
    expect(card.backtest).toMatchObject({ modelId: expect.stringMatching(/^toy-/) });
    const { metrics, because, rows, scoredAt, until } = card.backtest ?? expect.fail("no backtest");
    expect(until - scoredAt).toBe(horizonDays * day);
    expect(rows).toBeGreaterThan(200);
    expect(metrics.auc.low).toBeGreaterThan(0.6);
    expect(because).toMatch(
      /^The scores of 2025-07-\d\d against what came in the 30 days after, \d+ people: AUC 0\.\d{3} .*; this model was judged at 0.900/,
    );
    expect(cardMarkdown(card)).toContain(because);
    const again = (await workspace.train([toy()])).cards[0];
    expect(JSON.stringify(again)).toBe(JSON.stringify(card));
  });

  it("shows scores that were wrong", async () => {
    await live(0, 200);
    await workspace.train([toy({ flip: true })]);
    await workspace.score();
    await live(200, 240);
    const [card] = (await workspace.train([toy()])).cards;
    expect(card.backtest?.metrics.auc.high).toBeLessThan(0.4);
  });

  it("says nothing where the past has one outcome alone", async () => {
    await live(0, 200);
    await workspace.train([toy()]);
    await workspace.score();
    await live(200, 240, true);
    expect((await workspace.train([toy()])).cards[0].backtest).toBeUndefined();
  });
});

describe("drift on scoring", () => {
  it("is told with the scores: none on the day of the training, and a spree when it comes", async () => {
    await live(0, 200);
    await workspace.train([toy()]);
    const [calm] = await workspace.score();
    expect(calm.drift).toMatchObject({ retrain: false, score: { name: "score", moved: false } });
    await live(200, 380, true);
    const [wild] = await workspace.score();
    expect(wild.drift?.retrain).toBe(true);
    expect(wild.drift?.because).toMatch(/^Moved since the training of 2025-07-\d\d: the scores/);
    expect((await workspace.store.scoreSummary())[0].drift).toEqual(wild.drift);
  });
});
