import { random } from "@inchworm/learn";
import { type Moments, momentKinds } from "@inchworm/store";
import { describe, expect, it } from "vitest";
import type { History } from "../scorer.js";
import { frequency } from "./frequency.js";
import { messagesOf, peopleWeeks } from "./frequency-log.js";

const week = 7 * 86_400;
const asOf = Date.UTC(2025, 5, 2);
const end = asOf / 1000;
type Told = readonly [kind: (typeof momentKinds)[number], second: number, campaign?: number];

function momentsOf(
  people: readonly (readonly Told[])[],
  until = Number.POSITIVE_INFINITY,
  since = 0,
): Moments {
  const kept = people.map((own) => own.filter(([, second]) => second < until && second >= since));
  const contacts = [...kept.keys()].filter((person) => kept[person].length > 0);
  const offsets = new Int32Array(contacts.length + 1);
  for (const [row, person] of contacts.entries())
    offsets[row + 1] = offsets[row] + kept[person].length;
  const all = contacts.flatMap((person) => kept[person]);
  return {
    contacts: Int32Array.from(contacts),
    offsets,
    seconds: Uint32Array.from(all, ([, second]) => second),
    kinds: Uint8Array.from(all, ([kind]) => momentKinds.indexOf(kind)),
    campaigns: Int32Array.from(all, ([, , campaign = -1]) => campaign),
  };
}

const historyOf = (people: readonly (readonly Told[])[]) =>
  ({
    moments: async ({ asOf: until, since = 0 }: { asOf: number; since?: number }) =>
      momentsOf(people, until / 1000, since / 1000),
  }) as unknown as History;

/** Two sorts of people: half answer a third of up to three messages a week, the rest one in fifty; more than two drive them away. */
function planted(count: number, seed: number, steady = false): Told[][] {
  const { uniform, below } = random(seed);
  return Array.from({ length: count }, (_, person) => {
    const own: Told[] = [];
    const rate = person % 2 === 0 ? 0.35 : 0.02;
    for (let before = 52; before > 0; before--) {
      const messages = steady ? (person % 2 === 0 ? 3 : 1) : below(5);
      for (let index = 0; index < messages; index++) {
        const campaign = before * 10 + index;
        const at = end - before * week + index * 90_000 + below(20_000);
        own.push(["sent", at, campaign]);
        if (uniform() < rate * 0.8 ** index) own.push(["open", at + 3600, campaign]);
      }
      if (uniform() < 0.004 * Math.max(0, messages - 2)) {
        own.push(["unsubscribe", end - before * week + 6 * 86_400]);
        break;
      }
    }
    return own;
  });
}

describe("peopleWeeks", () => {
  it("counts messages and answers of weeks, from the first message to the leaving", () => {
    const moments = momentsOf([
      [
        ["sent", end - 3 * week + 10, 1],
        ["open", end - 3 * week + 900, 1],
        ["sent", end - 3 * week + 90_000, 2],
        ["sent", end - week + 5, 3],
        ["unsubscribe", end - week + 50],
        ["sent", end - 5 * week, 4],
      ],
      [["visit", end - week]],
      [
        ["sent", end - week, 1],
        ["machine", end - week + 60, 1],
      ],
    ]);
    const { contacts, log } = peopleWeeks(moments, messagesOf(moments, asOf), {
      from: asOf - 4 * week * 1000,
      until: asOf,
    });
    expect([...contacts]).toEqual([0, 2]);
    expect(log).toMatchObject({ rows: 4, people: 2 });
    expect([...log.person]).toEqual([0, 0, 0, 1]);
    expect([...log.week]).toEqual([1, 2, 3, 3]);
    expect([...log.messages]).toEqual([2, 0, 1, 1]);
    expect([...log.engagement]).toEqual([1, 0, 0, 0]);
    expect([...log.unsubscribed]).toEqual([0, 0, 1, 0]);
  });
});

describe("frequency", () => {
  it("gives those who answer more messages than those who do not, and says why", async () => {
    const history = historyOf(planted(400, 1));
    const scorer = frequency();
    const { card, artifact, seen } = await scorer.train(history, { asOf, seed: 1 });
    expect(card.verdict).toBe("published");
    expect(card.because).toMatch(/everybody alike/);
    expect(card.notes?.[0]).toMatch(/same people's weeks/);
    expect(seen.length).toBeGreaterThan(350);
    const { contacts, fields, reasons, abstained } = await scorer.score(history, artifact, {
      asOf,
    });
    const mean = (sort: number) => {
      const rows = [...contacts.keys()].filter(
        (row) => contacts[row] % 2 === sort && abstained[row] === undefined,
      );
      return rows.reduce((sum, row) => sum + Number(fields.welcome_per_week[row]), 0) / rows.length;
    };
    expect(mean(0)).toBeGreaterThan(mean(1) + 0.5);
    expect(reasons[0][0]).toMatch(/^was sent \d\.\d messages a week, and answered \d\.\d$/);
    for (const risk of fields.unsubscribe_risk)
      if (risk !== null) expect(Number(risk)).toBeLessThan(0.2);
    const again = await scorer.score(history, artifact, { asOf });
    expect(again.fields).toEqual(fields);
  });

  it("has no number where more and fewer messages always went to different people", async () => {
    const history = historyOf(planted(250, 2, true));
    const scorer = frequency();
    const { artifact } = await scorer.train(history, { asOf, seed: 1 });
    const { abstained, fields } = await scorer.score(history, artifact, { asOf });
    expect(
      abstained.every((why) => /always went to different people|no messages/.test(why ?? "")),
    ).toBe(true);
    expect(fields.welcome_per_week.every((one) => one === null)).toBe(true);
  });

  it("is withheld where nothing tells people apart", async () => {
    const alike = planted(400, 3).map((own) => own.filter(([kind]) => kind !== "open"));
    const { uniform } = random(9);
    for (const own of alike)
      for (const [kind, at, campaign] of [...own])
        if (kind === "sent" && campaign !== undefined && uniform() < 0.1)
          own.push(["open", at + 60 * 31, campaign]);
    const { card } = await frequency().train(historyOf(alike), { asOf, seed: 1 });
    expect(card.verdict).toBe("withheld");
  });

  it("says how many answers are missing", async () => {
    await expect(
      frequency().train(historyOf(planted(3, 1)), { asOf, seed: 1 }),
    ).rejects.toMatchObject({
      code: "insufficient-data",
      message: expect.stringMatching(/needs 100 weeks/),
    });
    await expect(frequency().score(historyOf([]), { other: 1 }, { asOf })).rejects.toMatchObject({
      code: "artifact",
    });
  });
});
