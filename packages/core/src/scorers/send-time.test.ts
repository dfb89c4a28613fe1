import { beforeAll, describe, expect, it } from "vitest";
import type { Answers, History, Trained } from "../scorer.js";
import { asOf, likedHour, planted } from "./send-time.fixture.js";
import { sendTime } from "./send-time.js";

const scorer = sendTime({ judgedDays: 90 });

describe("sendTime", () => {
  let history: History;
  let trained: Trained;
  let answers: Answers;
  beforeAll(async () => {
    history = planted({ people: 300, messages: 100, seed: 1 });
    trained = await scorer.train(history, { asOf, seed: 1 });
    answers = await scorer.score(history, trained.artifact, { asOf });
  }, 120_000);

  it("finds the hours that people like, on their own clocks, and says why", () => {
    expect(trained.card).toMatchObject({
      verdict: "published",
      rule: { name: "best hours for everyone, own rate" },
    });
    let [right, told] = [0, 0];
    for (const [row, contact] of answers.contacts.entries()) {
      const liked = likedHour(contact);
      if (liked === undefined || contact % 5 === 4 || answers.abstained[row] !== undefined)
        continue;
      told++;
      if (Math.abs(Number(answers.fields.send_hour[row]) - liked) <= 1) right++;
      expect(answers.reasons[row][0]).toMatch(
        /^answered \d+ of \d+ messages sent at \d\d:00–\d\d:00, \d+ of \d+ at other hours$/,
      );
      expect(answers.fields.send_time_zone[row]).toBe(
        contact % 2 === 0 ? "America/New_York" : "Europe/Berlin",
      );
      const [low, gain, high] = ["send_gain_low", "send_gain", "send_gain_high"].map((name) =>
        Number(answers.fields[name][row]),
      );
      expect(low).toBeLessThanOrEqual(gain);
      expect(gain).toBeLessThanOrEqual(high);
    }
    expect(told).toBeGreaterThan(80);
    expect(right / told).toBeGreaterThan(0.9);
  });

  it("promises more to those who care than to those who do not", () => {
    const mean = (cares: boolean) => {
      const rows = [...answers.contacts.keys()].filter(
        (row) => (likedHour(answers.contacts[row]) !== undefined) === cares,
      );
      const low = rows.map((row) => Number(answers.fields.send_gain_low[row]));
      return low.reduce((sum, gain) => sum + gain, 0) / rows.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 5);
  });

  it("gives nothing but the reason to who has no time of their own", async () => {
    const newcomers = planted({ people: 40, messages: 1, seed: 5, rates: [0, 0] });
    const { abstained, fields } = await scorer.score(newcomers, trained.artifact, { asOf });
    for (const [row, why] of abstained.entries()) {
      expect(why).toBe("no personal time: too few reactions");
      for (const values of Object.values(fields)) expect(values[row]).toBeNull();
    }
  });

  it("tells what happened to messages sent near people's own best by chance", () => {
    const [, rows, came, expected, low] =
      /of (\d+) later messages .* ([\d.]+) % were answered, .* ([\d.]+) % \(difference (-?[\d.]+) to/.exec(
        trained.card.because,
      ) ?? [];
    expect(Number(rows)).toBeGreaterThan(50);
    expect(Number(came)).toBeGreaterThan(Number(expected));
    expect(Number(low)).toBeGreaterThan(0);
  });

  it("answers the same again, of a model that was stored", async () => {
    const stored = JSON.parse(JSON.stringify(trained.artifact));
    expect(await sendTime().score(history, stored, { asOf })).toEqual(answers);
    await expect(scorer.score(history, {}, { asOf })).rejects.toMatchObject({ code: "artifact" });
  });
});

describe("sendTime on little", () => {
  it("is withheld where no hour is better for anybody", async () => {
    const noise = planted({ people: 150, messages: 60, seed: 2, rates: [0.2, 0.2] });
    const { card } = await scorer.train(noise, { asOf, seed: 1 });
    expect(card.verdict).toBe("withheld");
  }, 60_000);

  it("says how many answers are missing", async () => {
    const few = planted({ people: 3, messages: 9, seed: 3 });
    await expect(scorer.train(few, { asOf, seed: 1 })).rejects.toMatchObject({
      code: "insufficient-data",
      message: expect.stringMatching(/needs 100 messages that people answered.*missing/),
    });
    expect(() => sendTime({ judgedDays: 0 })).toThrow(/judgedDays/);
  });
});
