import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { messageFrequency } from "./message-frequency.js";
import type { FrequencyLog } from "./types.js";

const people = 400;
const weeksEach = 25;

/**
 * Half answer every other message, however many there are; the others answer no more of four in a week than of two. One row per
 * message, which is one of so many in seven days.
 */
function messagesOf(seed: number) {
  const { uniform, below } = random(seed);
  const rows = { person: [] as number[], messages: [] as number[], engagement: [] as number[] };
  for (let person = 0; person < people; person++)
    for (let week = 0; week < weeksEach; week++) {
      const count = 1 + below(4);
      for (let message = 0; message < count; message++) {
        const rate = person % 2 === 0 ? 0.5 : count > 2 ? 0.3 / count : 0.15;
        rows.person.push(person);
        rows.messages.push(count);
        rows.engagement.push(uniform() < rate ? 1 : 0);
      }
    }
  return {
    rows: rows.person.length,
    people,
    person: Int32Array.from(rows.person),
    messages: Float64Array.from(rows.messages),
    engagement: Float64Array.from(rows.engagement),
    unsubscribed: Uint8Array.from(rows.person, (_, row) => (row % 997 === 0 ? 1 : 0)),
    weeks: Float64Array.from(rows.messages, (count) => 1 / count),
  } satisfies FrequencyLog;
}

describe("messageFrequency of parts of weeks", () => {
  const log = messagesOf(1);

  it("learns the same of messages as of the weeks they make", async () => {
    const byWeek = new Map<string, { person: number; messages: number; answers: number }>();
    let [row, week] = [0, 0];
    while (row < log.rows) {
      const [person, messages] = [log.person[row], log.messages[row]];
      let answers = 0;
      for (const end = row + messages; row < end; row++) answers += log.engagement[row];
      byWeek.set(`${week++}`, { person, messages, answers });
    }
    const weeks = [...byWeek.values()];
    const whole = await messageFrequency({ most: 4 }).fit({
      rows: weeks.length,
      people,
      person: Int32Array.from(weeks, ({ person }) => person),
      messages: Float64Array.from(weeks, ({ messages }) => messages),
      engagement: Float64Array.from(weeks, ({ answers }) => answers),
      unsubscribed: Uint8Array.from(weeks, (_, index) => (index % 397 === 0 ? 1 : 0)),
    });
    const parts = await messageFrequency({ most: 4 }).fit(log);
    for (let person = 0; person < people; person += 37)
      for (let messages = 1; messages <= 4; messages++) {
        const one = parts.engagement(person)[messages];
        expect(Math.abs(one / whole.engagement(person)[messages] - 1)).toBeLessThan(0.05);
      }
  });

  it("learns forms of groups told by people's own answers, and levels of each person", async () => {
    const forms = Int32Array.from({ length: people }, (_, person) => person % 2);
    const model = await messageFrequency({ most: 4 }).fit({ ...log, forms });
    const rise = (sort: number) => {
      let [two, four] = [0, 0];
      for (let person = sort; person < people; person += 2) {
        two += model.engagement(person)[2];
        four += model.engagement(person)[4];
      }
      return four / two;
    };
    expect(rise(0)).toBeGreaterThan(1.8);
    expect(rise(1)).toBeLessThan(1.3);
    const same = await messageFrequency({ most: 4 }).fit(log);
    const ratio = same.engagement(1)[4] / same.engagement(1)[2];
    expect(ratio).toBeCloseTo(same.engagement(0)[4] / same.engagement(0)[2], 9);
    expect(ratio).toBeGreaterThan(1.4);
    expect(messageFrequency().load(model.save()).engagement(1)).toEqual(model.engagement(1));
  });

  it("refuses parts and forms that are none", async () => {
    const fit = (change: Partial<FrequencyLog>) => messageFrequency().fit({ ...log, ...change });
    await expect(fit({ weeks: log.weeks.with(3, 0) })).rejects.toThrow("row 3 stands for 0 weeks");
    await expect(fit({ weeks: log.weeks.subarray(1) })).rejects.toThrow('"weeks" has');
    await expect(fit({ forms: new Int32Array(3) })).rejects.toThrow('"forms" has 3 entries');
  });
});
