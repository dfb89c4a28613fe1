import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { sendTimes } from "./send-times.js";
import { simulateTiming } from "./simulate.fixture.js";
import type { SendTimes, TimingHistory } from "./types.js";
import { noPersonalTime, weekHours } from "./types.js";
import { allowedCells } from "./windows.js";

/** What a plan brings in truth, beside everyone's best hour and everybody's own. */
function judge(
  truth: Float64Array,
  { contacts, best }: SendTimes,
  who = (_contact: number) => true,
) {
  const mean = new Float64Array(weekHours);
  truth.forEach((value, at) => {
    mean[at % weekHours] += value;
  });
  const common = mean.indexOf(Math.max(...mean));
  let [chosen, global, oracle, people] = [0, 0, 0, 0];
  for (let contact = 0; contact < contacts; contact++) {
    if (!who(contact)) continue;
    const own = truth.subarray(contact * weekHours, (contact + 1) * weekHours);
    chosen += own[best[contact]];
    global += own[common];
    oracle += Math.max(...own);
    people++;
  }
  return { chosen: chosen / people, global: global / people, oracle: oracle / people };
}

const twenty = simulateTiming({ contacts: 1500, seed: 21, answers: 20 });
const fitted = sendTimes().fit(twenty.history);

describe("people who have answered twenty times", () => {
  it("get at least half of what knowing them would bring", async () => {
    const { chosen, global, oracle } = judge(twenty.truth, (await fitted).best(twenty.history));
    expect((chosen - global) / (oracle - global)).toBeGreaterThan(0.5);
  });

  it("are foretold better than by everyone's hours, or by their own alone", async () => {
    const { heldOut, basis, reading } = await fitted;
    expect([basis, reading]).toEqual(["sends", "at sending"]);
    expect(heldOut.events).toBeGreaterThan(1000);
    expect(heldOut.model).toBeGreaterThan(heldOut.global);
    expect(heldOut.model).toBeGreaterThan(heldOut.unshrunk);
  });

  it("get gains that are true on the mean, and intervals of 80 % that hold 78 to 82 %", async () => {
    // 3,000 people: the share that intervals hold is then known to within a point
    const many = simulateTiming({ contacts: 3500, seed: 26, answers: 20 });
    const model = await sendTimes().fit(many.history);
    const { gain, gainLow, gainHigh, best, reason } = model.best(many.history);
    let [held, people, promised, got] = [0, 0, 0, 0];
    for (let contact = 0; contact < 3500; contact++) {
      if (reason[contact] !== 0) continue;
      const own = contact * weekHours;
      const true_ = many.truth[own + best[contact]] - many.truth[own + model.bestCell];
      people++;
      promised += gain[contact];
      got += true_;
      if (true_ >= gainLow[contact] && true_ <= gainHigh[contact]) held++;
    }
    expect(people).toBeGreaterThan(2900);
    expect(held / people).toBeGreaterThan(0.78);
    expect(held / people).toBeLessThan(0.82);
    expect(Math.abs(promised / got - 1)).toBeLessThan(0.15);
  });
});

describe("people of whom little is known", () => {
  it("get everyone's hour and the reason, and do not fare worse than with it", async () => {
    const model = await fitted;
    const few = simulateTiming({ contacts: 800, seed: 22, sends: 3 });
    const answers = model.best(few.history);
    const little = (contact: number): boolean => answers.events[contact] <= 1;
    const { best, reason, gain } = answers;
    let people = 0;
    for (let contact = 0; contact < 800; contact++) {
      if (!little(contact)) continue;
      people++;
      expect(best[contact]).toBe(model.bestCell);
      expect(reason[contact]).not.toBe(0);
      expect(gain[contact]).toBe(0);
    }
    expect(people).toBeGreaterThan(400);
  });

  it("hear why there is no personal time", async () => {
    const sends = {
      offsets: Int32Array.of(0, 0, 2, 4),
      cells: Uint8Array.of(9, 10, 9, 10),
      reactions: Uint8Array.of(1, 1, 0, 2),
      delays: Uint8Array.of(24, 24, 24, 1),
    };
    const { reason, ownShare, probability } = (await fitted).best({ contacts: 3, sends });
    expect(Array.from(reason, (place) => noPersonalTime[place])).toEqual([
      "no history",
      "machines alone opened",
      "too few reactions",
    ]);
    expect(ownShare[0]).toBe(0);
    expect(probability.every((value) => value > 0 && value < 1)).toBe(true);
  });
});

describe("sendTimes", () => {
  it("tells readers who answer in hours of their own from those who answer what comes then", async () => {
    const later = simulateTiming({ contacts: 1000, seed: 23, sends: 40, reading: "later" });
    const model = await sendTimes().fit(later.history);
    expect(model.reading).toBe("later");
    const { chosen, global } = judge(later.truth, model.best(later.history));
    expect(chosen).toBeGreaterThan(global);
    expect(model.responded[24]).toBeCloseTo(1, 10);
  });

  it("is not misled by where most was sent: the hour with the most opens is not the best", async () => {
    // a hundred sends at 9 with a tenth opened, ten at 20 with half
    const each = 110;
    const contacts = 200;
    const cells = Uint8Array.from({ length: contacts * each }, (_, at) =>
      at % each < 100 ? 33 : 44,
    );
    const reactions = Uint8Array.from(cells, (cell, at) =>
      (cell === 33 ? at % 10 === 0 : at % 2 === 0) ? 2 : 0,
    );
    const history: TimingHistory = {
      contacts,
      sends: {
        offsets: Int32Array.from({ length: contacts + 1 }, (_, contact) => contact * each),
        cells,
        reactions,
        delays: Uint8Array.from(reactions, (reaction) => (reaction ? 1 : 24)),
      },
    };
    const model = await sendTimes().fit(history);
    expect(model.bestCell % 24).toBe(20);
    expect(model.everyone[44]).toBeGreaterThan(2 * model.everyone[33]);
  });

  it("keeps to the hours that are allowed", async () => {
    const allowed = allowedCells({
      windows: [{ from: 8, to: 18, days: [0, 1, 2, 3, 4] }],
      quiet: [{ from: 12, to: 13 }],
    });
    const { best, second } = (await fitted).best(twenty.history, { allowed });
    expect([...best, ...second].every((cell) => allowed[cell] === 1)).toBe(true);
  });

  it("gives a group its own hour where its people live otherwise", async () => {
    // everybody is written to at 8, 14 and 20; one half answers in the morning, the other in the evening
    const contacts = 600;
    const each = 9;
    const groups = Int32Array.from({ length: contacts }, (_, contact) => contact % 2);
    const cells = Uint8Array.from(
      { length: contacts * each },
      (_, at) => (at % 5) * 24 + [8, 14, 20][at % 3],
    );
    const reactions = Uint8Array.from(cells, (cell, at) => {
      const contact = Math.floor(at / each);
      const favourite = groups[contact] === 0 ? 8 : 20;
      return (contact + at) % (cell % 24 === favourite ? 3 : 11) === 0 ? 2 : 0;
    });
    const sends = {
      offsets: Int32Array.from({ length: contacts + 1 }, (_, contact) => contact * each),
      cells,
      reactions,
      delays: Uint8Array.from(reactions, (reaction) => (reaction ? 1 : 24)),
    };
    const model = await sendTimes().fit({ contacts, sends, groups });
    const nobody = {
      offsets: new Int32Array(3),
      cells: new Uint8Array(0),
      reactions: new Uint8Array(0),
      delays: new Uint8Array(0),
    };
    const { best } = model.best({ contacts: 2, sends: nobody, groups: Int32Array.of(0, 1) });
    expect(best[0] % 24).toBe(8);
    expect(best[1] % 24).toBe(20);
  });

  it("learns from acts alone, and says so", async () => {
    const { history, truth } = simulateTiming({ contacts: 800, seed: 25, sends: 1, acts: 20 });
    const { sends: _, ...acts } = history;
    const model = await sendTimes().fit(acts);
    expect(model.basis).toBe("activity");
    const answers = model.best(acts);
    expect(answers.probability.every(Number.isNaN)).toBe(true);
    const { chosen, global, oracle } = judge(truth, answers);
    expect((chosen - global) / (oracle - global)).toBeGreaterThan(0.5);
    const shares = model.probabilities(acts).subarray(0, weekHours);
    expect(shares.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
  });

  it("gives the same bytes again, and after saving", async () => {
    const model = await fitted;
    const again = await sendTimes().fit(twenty.history);
    expect(again.save()).toEqual(model.save());
    const loaded = sendTimes().load(JSON.parse(JSON.stringify(model.save())));
    expect(loaded.best(twenty.history)).toEqual(model.best(twenty.history));
    expect(loaded.probabilities(twenty.history)).toEqual(model.probabilities(twenty.history));
  });

  it("refuses what it cannot read, and artifacts that are none", async () => {
    const good = twenty.history.sends;
    const bad = (change: object): Promise<unknown> =>
      sendTimes().fit({
        contacts: 1500,
        sends: { ...(good as NonNullable<typeof good>), ...change },
      });
    await expect(bad({ cells: good?.cells.map(() => 168) })).rejects.toThrow(
      /week hours are 0 to 167/,
    );
    await expect(bad({ delays: good?.delays.map(() => 30) })).rejects.toThrow(/must be 0 to 24/);
    await expect(bad({ offsets: Int32Array.of(0, 1) })).rejects.toThrow(/1501 entries/);
    await expect(bad({ reactions: good?.reactions.map(() => 0) })).rejects.toThrow(
      /nobody in this history reacted/,
    );
    await expect(sendTimes().fit({ contacts: 1 })).rejects.toThrow(LearnError);
    expect(() => sendTimes({ leastEvents: 0 })).toThrow(/"leastEvents"/);
    expect(() => sendTimes({ weights: { click: -1 } })).toThrow(/"click"/);
    const saved = (await fitted).save();
    const spoilt = { ...saved, data: { ...(saved.data as object), weights: [] } };
    expect(() => sendTimes().load(spoilt)).toThrow(LearnError);
    expect(() => sendTimes().load({ ...saved, kind: "kmeans" })).toThrow(LearnError);
    await expect(
      (async () => (await fitted).best(twenty.history, { allowed: new Uint8Array(168) }))(),
    ).rejects.toThrow(/"allowed"/);
  });
});

describe("allowedCells", () => {
  it("takes windows less quiet hours, over midnight too", () => {
    const night = allowedCells({ quiet: [{ from: 21.5, to: 8 }] });
    expect(Array.from(night.subarray(0, 24))).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0,
    ]);
    const sunday = allowedCells({ windows: [{ from: 22, to: 2, days: [6] }] });
    expect(Array.from(sunday.keys()).filter((cell) => sunday[cell])).toEqual([0, 1, 166, 167]);
    expect(() => allowedCells({ windows: [] })).toThrow(/no hour of the week/);
    expect(() => allowedCells({ windows: [{ from: 8, to: 25 }] })).toThrow(LearnError);
  });
});
