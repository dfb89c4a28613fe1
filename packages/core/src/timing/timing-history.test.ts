import { reactions } from "@inchworm/learn";
import { type Moments, momentKinds } from "@inchworm/store";
import { describe, expect, it } from "vitest";
import { timingHistory } from "./timing-history.js";

const monday = Date.UTC(2025, 2, 3) / 1000; // 00:00 UTC, winter time in Berlin until the 30th
const hour = 3600;
type Told = readonly [kind: (typeof momentKinds)[number], second: number, campaign?: number];

function momentsOf(...people: readonly (readonly Told[])[]): Moments {
  const all = people.flat();
  const offsets = new Int32Array(people.length + 1);
  for (const [row, own] of people.entries()) offsets[row + 1] = offsets[row] + own.length;
  return {
    contacts: Int32Array.from(people.keys()),
    offsets,
    seconds: Uint32Array.from(all, ([, second]) => second),
    kinds: Uint8Array.from(all, ([kind]) => momentKinds.indexOf(kind)),
    campaigns: Int32Array.from(all, ([, , campaign = -1]) => campaign),
  };
}

function tell(
  own: readonly Told[],
  { zone = "Europe/Berlin", asOf = monday + 30 * 24 * hour } = {},
) {
  const { sends, activity } = timingHistory(momentsOf(own), Int32Array.of(0), [zone], asOf * 1000);
  if (!sends || !activity) throw new Error("nothing");
  return {
    sends: Array.from(sends.cells, (cell, index) => [
      cell,
      reactions[sends.reactions[index]],
      sends.delays[index],
    ]),
    acts: Array.from(activity.cells, (cell, index) => [cell, reactions[activity.kinds[index]]]),
  };
}

describe("timingHistory", () => {
  it("gives an answer to the message of its campaign, by the contact's own clock", () => {
    const own: Told[] = [
      ["open", monday + 10 * hour + 300, 7],
      ["sent", monday + 8 * hour + 3000, 7],
      ["sent", monday + 9 * hour, 8],
    ];
    // 08:50 UTC is 09:50 in Berlin; opened at 11:05, two clock hours on
    expect(tell(own)).toEqual({
      sends: [
        [9, "open", 2],
        [10, "none", 24],
      ],
      acts: [],
    });
    expect(tell(own, { zone: "Asia/Calcutta" }).sends[0]).toEqual([14, "open", 1]);
  });

  it("takes the hour in the zone as its clock stood then", () => {
    const summer = Date.UTC(2025, 6, 7) / 1000;
    const own = (at: number): Told[] => [["sent", at + 8 * hour, 1]];
    expect(tell(own(monday)).sends[0][0]).toBe(9);
    expect(tell(own(summer), { asOf: summer + 90 * 24 * hour }).sends[0][0]).toBe(10);
  });

  it("lets the strongest human answer count, and the first one's delay", () => {
    expect(
      tell([
        ["sent", monday, 1],
        ["machine", monday + 2, 1],
        ["open", monday + hour, 1],
        ["click", monday + 2 * hour, 1],
        ["visit", monday + 2 * hour + 2],
        ["visit", monday + 9 * hour],
        ["order", monday + 4 * hour],
      ]),
    ).toEqual({ sends: [[1, "order", 1]], acts: [[10, "visit"]] });
  });

  it("does not believe machines, those included that do not say so", () => {
    expect(
      tell([
        ["sent", monday + 1, 1],
        ["open", monday + 4, 1],
      ]).sends,
    ).toEqual([[1, "machine", 24]]);
    expect(
      tell([
        ["sent", monday, 1],
        ["machine", monday + 600, 1],
      ]).sends,
    ).toEqual([[1, "machine", 24]]);
    // where times are whole minutes nothing is too fast
    expect(
      tell([
        ["sent", monday, 1],
        ["open", monday, 1],
      ]).sends,
    ).toEqual([[1, "open", 0]]);
  });

  it("counts what came later than a day, or without a message, as activity of its own hour", () => {
    expect(
      tell([
        ["sent", monday, 1],
        ["open", monday + 25 * hour, 1],
        ["click", monday + 26 * hour, 9],
        ["order", monday + 3 * hour],
        ["visit", monday + 4 * hour],
        ["visit", monday + 4 * hour + 60],
        ["unsubscribe", monday + 5 * hour],
      ]),
    ).toEqual({
      sends: [[1, "none", 24]],
      acts: [
        [4, "order"],
        [5, "visit"],
        [26, "open"],
        [27, "click"],
      ],
    });
  });

  it("says for how long a late message has been watched", () => {
    const asOf = monday + 10 * hour;
    expect(tell([["sent", monday + 7 * hour + 60, 1]], { asOf }).sends).toEqual([[8, "none", 2]]);
  });

  it("does not count a bounce, nor one delivery twice", () => {
    expect(
      tell([
        ["sent", monday, 1],
        ["bounce", monday + 40, 1],
        ["sent", monday + hour, 2],
        ["sent", monday + hour + 5, 2],
        ["open", monday + 2 * hour, 2],
        ["sent", monday + 48 * hour],
        ["sent", monday + 48 * hour + 3],
      ]).sends,
    ).toEqual([
      [2, "open", 1],
      [49, "none", 24],
    ]);
  });

  it("keeps people and their zones apart", () => {
    const own: Told[] = [["sent", monday, 1]];
    const { sends, groups } = timingHistory(
      momentsOf(own, [], own),
      Int32Array.of(1, 0, 0),
      ["Europe/Berlin", "Asia/Tokyo"],
      (monday + 90 * hour) * 1000,
    );
    expect([...(sends?.cells ?? [])]).toEqual([9, 1]);
    expect([...(sends?.offsets ?? [])]).toEqual([0, 1, 1, 2]);
    expect([...(groups ?? [])]).toEqual([1, 0, 0]);
  });
});
