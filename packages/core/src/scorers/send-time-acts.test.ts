import { random, timeZoneClock } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import type { History } from "../scorer.js";
import { asOf, historyOf, kindOf, zones } from "./send-time.fixture.js";
import { sendTime } from "./send-time.js";

const day = 86_400;
const end = asOf / 1000;
const scorer = sendTime({ judgedDays: 90 });

/** When a contact is mostly active; without habits at any hour. */
const habit = (contact: number): number => (contact % 4 < 2 ? 8 : 20);

/** People in two zones who were never written to, and what they did over a year. */
function shoppers(people: number, acts: number, seed: number, habits = true): History {
  const { below, uniform } = random(seed);
  const rows: Parameters<typeof historyOf>[0][number][] = [];
  for (let contact = 0; contact < people; contact++) {
    const clock = timeZoneClock(zones[contact % 2]);
    for (let act = 0; act < acts; act++) {
      const around = habits && uniform() < 0.8 ? habit(contact) : below(24);
      const wall = Math.floor((end - (1 + below(365)) * day) / day) * day + around * 3600;
      const at = clock.instant((wall + below(7200) - 3600) * 1000) / 1000;
      rows.push({ contact, at, kind: kindOf(act % 3 === 0 ? "order" : "visit"), campaign: -1 });
    }
  }
  return historyOf(rows, people);
}

describe("sendTime without messages", () => {
  it("tells the hours at which people are active, and no gain", async () => {
    const history = shoppers(200, 40, 1);
    const { card, artifact } = await scorer.train(history, { asOf, seed: 1 });
    expect(card).toMatchObject({
      verdict: "published",
      question: "At which hour of the week is this contact active?",
      rule: { name: "own acts counted by hour" },
    });
    expect(card.because).toMatch(/active at hours of their own.*cannot tell how they would answer/);
    expect(card.notes?.[1]).toMatch(/visits and orders alone/);
    const { contacts, fields, reasons, abstained } = await scorer.score(history, artifact, {
      asOf,
    });
    let [told, right] = [0, 0];
    for (const [row, contact] of contacts.entries()) {
      // of every fifth the zone is not known
      if (abstained[row] !== undefined || contact % 5 === 4) continue;
      told++;
      if (Math.abs(Number(fields.send_hour[row]) - habit(contact)) <= 1) right++;
      expect([fields.send_gain[row], fields.send_gain_low[row]]).toEqual([null, null]);
      expect(reasons[row][0]).toMatch(/^active at \d\d:00–\d\d:00: \d+ of \d+ visits and orders$/);
    }
    // who lives by the hour of the most has no time of their own
    expect(told).toBeGreaterThan(60);
    expect(right / told).toBeGreaterThan(0.95);
    for (const why of abstained) if (why) expect(why).toMatch(/^no personal time: /);
  }, 60_000);

  it("is withheld where nobody has hours of their own", async () => {
    const { card } = await scorer.train(shoppers(200, 40, 2, false), { asOf, seed: 1 });
    expect(card.verdict).toBe("withheld");
    expect(card.because).toMatch(/^Withheld: that people are active at hours of their own is/);
  }, 60_000);

  it("says what is missing", async () => {
    await expect(scorer.train(shoppers(3, 9, 3), { asOf, seed: 1 })).rejects.toMatchObject({
      code: "insufficient-data",
      message: expect.stringMatching(/or as many visits and orders; there are 0 and \d+: \d+ are/),
    });
  });
});
