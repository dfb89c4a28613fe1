import { random } from "@inchworm/learn";
import { type Moments, momentKinds } from "@inchworm/store";
import { describe, expect, it } from "vitest";
import type { History } from "../scorer.js";
import { frequency } from "./frequency.js";
import { formsByAnswers } from "./frequency-forms.js";
import { messagesOf, peopleMessages } from "./frequency-log.js";

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

describe("peopleMessages", () => {
  const span = { from: asOf - 4 * week * 1000, until: asOf };
  const rowsOf = (people: readonly (readonly Told[])[]) => {
    const moments = momentsOf(people);
    return peopleMessages(moments, messagesOf(moments, asOf), span);
  };
  const day = 86_400;
  /** Enough others that two messages a week are told of. */
  const others = Array.from({ length: 60 }, (): Told[] => [
    ["sent", end - week + 1, 8],
    ["sent", end - week + 2 * day, 9],
  ]);
  const first = ({ log }: ReturnType<typeof rowsOf>) =>
    [...log.person.keys()]
      .filter((row) => log.person[row] === 0)
      .map((row) => [
        log.messages[row],
        Number(log.weeks[row].toFixed(3)),
        log.engagement[row],
        log.unsubscribed[row],
      ]);

  it("counts each message with those of the seven days before it, and times without any", () => {
    const told = rowsOf([
      [
        ["sent", end - 34 * day, 0],
        ["sent", end - 27 * day, 1],
        ["open", end - 27 * day + 900, 1],
        ["sent", end - 24 * day, 2],
        ["sent", end - 10 * day, 3],
        ["unsubscribe", end - 9 * day],
        ["sent", end - 8 * day, 4],
      ],
      ...others,
    ]);
    expect(first(told)).toEqual([
      [1, 1, 1, 0],
      [2, 0.5, 0, 0],
      [0, 1, 0, 0],
      [1, 1, 0, 1],
    ]);
    expect(told.log.weeks).toHaveLength(told.log.rows);
  });

  it("takes a message every week for one a week, though it comes some hours early", () => {
    const told = rowsOf([
      [
        ["sent", end - 29 * day, 0],
        ["sent", end - 22 * day, 1],
        ["sent", end - 15 * day - 7200, 2],
        ["sent", end - 8 * day + 7200, 3],
      ],
      ...others,
    ]);
    expect(first(told).map(([messages]) => messages)).toEqual([1, 1, 0, 1, 0]);
  });

  it("knows nothing yet of what was sent within the last day, nor of anybody's first seven days", () => {
    const told = rowsOf([
      [["sent", end - 3600, 1]],
      [["visit", end - week]],
      [
        ["sent", end - 20 * day, 1],
        ["sent", end - 12 * day, 2],
        ["machine", end - 12 * day + 60, 2],
      ],
    ]);
    expect([...told.contacts]).toEqual([2]);
    expect(told.log).toMatchObject({ rows: 3, people: 1 });
    expect([...told.log.messages]).toEqual([0, 1, 0]);
    expect([...told.log.engagement]).toEqual([0, 0, 0]);
  });
});

describe("formsByAnswers", () => {
  const peopleOf = (answers: readonly number[], messages = 100) => {
    const rows = answers.flatMap((count, person) =>
      Array.from({ length: messages }, (_, row) => ({ person, answer: row < count ? 1 : 0 })),
    );
    const log = {
      rows: rows.length,
      people: answers.length,
      person: Int32Array.from(rows, ({ person }) => person),
      messages: new Float64Array(rows.length).fill(1),
      weeks: new Float64Array(rows.length).fill(1),
      week: new Int32Array(rows.length),
      engagement: Float64Array.from(rows, ({ answer }) => answer),
      unsubscribed: new Uint8Array(rows.length),
    };
    return [...formsByAnswers({ log })];
  };

  it("groups people by how often they answer, as far as answers suffice", () => {
    expect(peopleOf([1, 50, 0])).toEqual([0, 0, 0]);
    const answers = Array.from({ length: 100 }, (_, person) => (person % 2 ? 80 : 10));
    const forms = peopleOf(answers);
    expect(Math.max(...forms)).toBe(1);
    for (const [person, form] of forms.entries()) if (person % 2 === 0) expect(form).toBe(0);
    expect(peopleOf(answers.map(() => 0))).toEqual(answers.map(() => 0));
  });
});

describe("frequency", () => {
  it("gives those who answer more messages than those who do not, and says why", async () => {
    const history = historyOf(planted(400, 1));
    const scorer = frequency();
    const { card, artifact, seen } = await scorer.train(history, { asOf, seed: 1 });
    expect(card.verdict).toBe("published");
    expect(card.because).toMatch(/own rate.*everybody alike/);
    expect(card.rule.name).toBe("own rate");
    expect(card.notes?.[0]).toMatch(/same people's times/);
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
      message: expect.stringMatching(/needs 100 messages/),
    });
    await expect(frequency().score(historyOf([]), { other: 1 }, { asOf })).rejects.toMatchObject({
      code: "artifact",
    });
  });
});
