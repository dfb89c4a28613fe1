import { openStore, type Store } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { account, asOf, plainWords, source } from "./account.fixture.js";
import { copy, subjectLine } from "./subject-line.js";
import type { GradedWord, LineScorer } from "./types.js";

const context = { asOf, seed: 1 };
const stores: Store[] = [];
afterAll(async () => {
  for (const store of stores) await store.close();
});
async function storeOf(records: Parameters<Store["ingest"]>[1]["records"]): Promise<Store> {
  const store = await openStore(":memory:");
  stores.push(store);
  await store.ingest(source, { records, cursor: {} });
  return store;
}
const named = (words: readonly GradedWord[], word: string) =>
  words.find((one) => one.word === word);

describe("lines that were not tested", () => {
  let scorer: LineScorer;
  beforeAll(async () => {
    const store = await storeOf(
      account({
        campaigns: 160,
        people: 300,
        seed: 3,
        effects: { giften: 0.5, dullen: -0.5 },
        keenWord: "inside",
        eveningWord: "eveyso",
      }),
    );
    scorer = await subjectLine(store, {}, context);
  });

  it("show planted words with the right sign, graded as adjusted", () => {
    for (const [word, sign] of [
      ["giften", 1],
      ["dullen", -1],
    ] as const) {
      const found = named(scorer.words, word);
      expect(found).toMatchObject({ clear: true, grade: "adjusted" });
      expect(Math.sign(found?.effect ?? 0)).toBe(sign);
    }
    expect(
      scorer.words.filter(({ clear, word }) => clear && plainWords.includes(word)).length,
    ).toBeLessThan(3);
  });

  it("show nothing of a word that only says who was written to, or when", () => {
    for (const word of ["inside", "eveyso"]) {
      const found = named(scorer.words, word);
      expect(found?.clear ?? false).toBe(false);
      expect(Math.abs(found?.effect ?? 0)).toBeLessThan(0.12);
    }
  });

  it("are scored against the median line, and judged on later ones", () => {
    expect(scorer.verdict).toBe("published");
    expect(scorer.card?.metrics.auc.low).toBeGreaterThan(0.5);
    expect(scorer.card?.rule.name).toBe("the length that won before");
    expect(scorer.because).toContain("AUC");
    const [good, bad] = scorer.score([`giften ${plainWords[0]}`, `dullen ${plainWords[0]}`]);
    expect(good.effect).toBeGreaterThan(0.05);
    expect(bad.effect).toBeLessThan(-0.05);
    expect(good.low).toBeLessThan(good.effect);
    expect(good.reasons[0].word).toBe("giften");
    expect(scorer.notes.join(" ")).toContain("not sent by lot");
    expect(scorer.winners[0].effect).toBeGreaterThan(scorer.winners.at(-1)?.effect ?? 0);
    expect(
      scorer.winners.slice(0, 20).filter(({ text }) => text.includes("giften")).length,
    ).toBeGreaterThan(8);
  });

  it("take any language, and say what advice is known of English alone", () => {
    const lines = [
      "Ihre Bestellung ist da und wir sind für Sie da",
      "今日だけのお知らせ",
      "عرض خاص",
      "🎉🎉🎉🎉",
      "",
      "Free money!!",
    ];
    const scored = scorer.score(lines);
    expect(scored.map(({ language }) => language)).toEqual([
      "de",
      "ja",
      "unknown",
      "unknown",
      "unknown",
      "unknown",
    ]);
    expect(scored[0].notes[0]).toContain("English alone");
    expect(scored[1].notes[0]).toContain("(ja)");
    expect(scored[3].lint.map(({ rule }) => rule)).toContain("emoji");
    expect(scored[5].lint.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(["marks", "spam-word"]),
    );
    for (const { effect, low, high } of scored)
      expect([effect, low, high].every(Number.isFinite)).toBe(true);
  });
});

describe("lines that were tested by lot", () => {
  it("are found by their campaigns' names, graded as randomised, and told per segment", async () => {
    const store = await storeOf(
      account({
        campaigns: 70,
        people: 600,
        seed: 5,
        tests: true,
        effects: { giften: 0.5, salesy: 0.5, dullen: -0.4 },
        germanEffects: { giften: -1, salesy: -1 },
      }),
    );
    const { words, segments, notes } = await subjectLine(store, { segment: "country" }, context);
    expect(notes[0]).toContain("140 campaigns are in 70 tests sent by lot");
    expect(words[0].grade).toBe("randomised");
    const giften = (segment: string) =>
      segments.find((one) => one.segment === segment)?.words.find(({ word }) => word === "giften");
    expect(giften("FR")?.effect).toBeGreaterThan(0.2);
    expect(giften("DE")?.effect).toBeLessThan(0);
    expect(giften("DE")?.clear).toBe(true);
    await expect(subjectLine(store, { segment: "shoe" as never }, context)).rejects.toThrow(
      "no column of contacts",
    );
    await expect(subjectLine(store, { months: 0 }, context)).rejects.toThrow('"months"');
  });

  it("are none where the groups were unlike, or had the same people", async () => {
    const records = account({ campaigns: 12, people: 200, seed: 6 });
    const campaign = (records.campaign ?? []).map((one) => ({ ...one, name: `Sale ${one.id}` }));
    const same = await subjectLine(
      await storeOf({ ...records, campaign }),
      { test: ({ id }) => `pair ${Number(id.slice(1)) >> 1}` },
      context,
    );
    expect(same.notes.join(" ")).toContain(
      "6 of 6 groups of campaigns named as tests went to the same people",
    );
    const keen = account({ campaigns: 40, people: 400, seed: 7, keenWord: "inside" });
    const half = new Set(keen.contact?.filter((_, at) => at % 2 === 0).map(({ id }) => id));
    const opens = new Map<string, number>();
    for (const { contact, type } of keen.engagement ?? [])
      if (type === "open") opens.set(contact, (opens.get(contact) ?? 0) + 1);
    const ranked = [...opens].sort((left, right) => right[1] - left[1]).map(([id]) => id);
    const top = new Set(ranked.slice(0, 200));
    const sent = (id: string, people: Set<string>) =>
      [...people].map((contact) => ({
        contact,
        type: "sent" as const,
        campaign: id,
        at: asOf - 10 * 86_400_000,
      }));
    const unlike = await subjectLine(
      await storeOf({
        ...keen,
        campaign: [
          ...(keen.campaign ?? []),
          { id: "Xa", channel: "email", name: "Final A", subject: "one line" },
          { id: "Xb", channel: "email", name: "Final B", subject: "another line" },
        ],
        engagement: [
          ...(keen.engagement ?? []),
          ...sent("Xa", top),
          ...sent("Xb", new Set(ranked.slice(200))),
        ],
      }),
      {},
      context,
    );
    expect(half.size).toBe(200);
    expect(unlike.notes.join(" ")).toContain("unlike beforehand");
  });
});

describe("accounts with little", () => {
  it("with three campaigns answer by the declared prior", async () => {
    const scorer = await subjectLine(
      await storeOf(account({ campaigns: 3, people: 50, seed: 8 })),
      {},
      context,
    );
    expect(scorer.verdict).toBe("prior");
    expect(scorer.card).toBeUndefined();
    expect(scorer.prior?.share).toBeGreaterThan(0.5);
    const [{ effect, low, high }] = scorer.score(["giften"]);
    expect(Math.abs(effect)).toBeLessThan(0.15);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it("without any say what to import", async () => {
    await expect(subjectLine(await storeOf({}), {}, context)).rejects.toMatchObject({
      code: "insufficient-data",
      message: expect.stringContaining("no email campaign with a subject"),
    });
  });

  it("where words do nothing are withheld, and every line is as good as any", async () => {
    const scorer = await subjectLine(
      await storeOf(account({ campaigns: 120, people: 120, seed: 9 })),
      {},
      context,
    );
    expect(scorer.verdict).toBe("withheld");
    expect(scorer.because).toMatch(/Withheld/);
    expect(scorer.words.filter(({ clear }) => clear).length).toBeLessThan(2);
    const [{ effect, low, high, better, reasons }] = scorer.score([plainWords[3]]);
    expect([effect, better, reasons]).toEqual([0, 0.5, []]);
    expect(Math.log1p(low)).toBeCloseTo(-Math.log1p(high), 9);
  });
});

describe("copy", () => {
  it("compares calls to action by clicks", async () => {
    const records = account({ campaigns: 100, people: 150, seed: 11, effects: { giften: 1 } });
    const campaign = (records.campaign ?? []).map((one) => ({
      ...one,
      body: `<p>Hello &amp; welcome</p><a href="https://shop.example.com">x</a><a class="btn" href="https://shop.example.com/2">${one.subject}</a><a href="#">Unsubscribe</a>`,
    }));
    const engagement = (records.engagement ?? []).map((one) => ({
      ...one,
      type: one.type === "open" ? ("click" as const) : one.type,
    }));
    const store = await storeOf({ ...records, campaign, engagement });
    const scorer = await copy(store, { part: "callToAction" }, context);
    expect(scorer.scorer).toBe("copy-call-to-action");
    expect(named(scorer.words, "giften")?.effect).toBeGreaterThan(0.3);
    expect(scorer.notes.join(" ")).toContain("by clicks");
    expect(scorer.score(["giften"])[0].lint).toEqual([]);
    await expect(copy(store, {}, context)).rejects.toThrow("with a preview text");
    const body = await copy(store, { part: "body" }, context);
    expect(body.winners[0].text).toContain("Hello & welcome");
    expect(body.score(["One two three. ".repeat(12)])[0].readability?.lix).toBe(3);
  });
});
