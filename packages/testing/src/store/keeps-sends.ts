import { expect, it } from "vitest";
import type { Bench } from "./bench.js";

const hour = 3_600_000;
/** Monday. */
const monday = Date.UTC(2024, 4, 6);
const at = (hours: number): number => monday + hours * hour;

/** What people were sent and did by the hour, who may be written to, what was planned, and what came of it. */
export function keepsSends(bench: Bench): void {
  const { give, reopen } = bench;
  const people = (...ids: readonly string[]) =>
    give({
      campaign: [
        { id: "may", channel: "email" },
        { id: "june", channel: "email" },
        { id: "text", channel: "sms" },
        { id: "receipt", channel: "email", kind: "transactional" },
      ],
      contact: ids.map((id) => ({ id, email: `p${id}@example.com`, timeZone: "Europe/Paris" })),
    });
  const numberOf = async (id: string) => (await bench.store.find(`crm:${id}`))?.contact ?? -1;
  const plan = (id: string, campaign: string, createdAt: number) => ({
    id,
    campaign,
    channel: "email",
    rules: { seed: 1, hours: [1, 2] },
    createdAt,
  });
  const sends = (rows: readonly (readonly [contact: number, at: number])[]) => ({
    contacts: Int32Array.from(rows, ([contact]) => contact),
    at: Float64Array.from(rows, ([, instant]) => instant),
    localHours: Uint8Array.from(rows, ([, instant]) => ((instant - monday) / hour) % 168),
    arms: Uint8Array.from(rows, (_, row) => row % 2),
    armNames: ["personal", "random"],
    propensities: Float64Array.from(rows, (_, row) => (row % 2 === 1 ? 0.05 : 0.95)),
  });

  it("tells each contact's moments before a day, and those of no other channel", async () => {
    await people("1", "2", "3");
    await give({
      engagement: [
        { contact: "1", type: "sent", campaign: "may", at: at(1) },
        { contact: "1", type: "open", campaign: "may", at: at(2) },
        { contact: "1", type: "open", campaign: "may", at: at(3), machine: true },
        { contact: "1", type: "sent", campaign: "text", at: at(4) },
        { contact: "1", type: "sent", campaign: "receipt", at: at(5) },
        { contact: "1", type: "click", campaign: "may", at: at(30) },
        { contact: "2", type: "visit", at: at(6) },
        { contact: "3", type: "visit", at: at(6) },
      ],
      order: [
        { id: "o1", contact: "2", at: at(7), total: 5 },
        { id: "o2", contact: "2", at: at(8), total: -5 },
      ],
      consent: [{ contact: "3", purpose: "profiling", status: "denied", at: at(0) }],
    });
    const { contacts, offsets, seconds, kinds, campaigns } = await bench.store.moments({
      asOf: at(24),
    });
    const known = [await numberOf("1"), await numberOf("2")];
    expect([...contacts]).toEqual([...known].sort((one, other) => one - other));
    const of = (contact: number) => {
      const row = contacts.indexOf(contact);
      return [...seconds.subarray(offsets[row], offsets[row + 1])].sort();
    };
    expect(of(known[0])).toEqual([1, 2, 3].map((hours) => at(hours) / 1000));
    expect(of(known[1])).toEqual([6, 7].map((hours) => at(hours) / 1000));
    // sent, open and machine are three kinds; all three are of one campaign
    expect(new Set(kinds).size).toBe(5);
    expect(new Set(campaigns.filter((campaign) => campaign >= 0)).size).toBe(1);
    const late = await bench.store.moments({ asOf: at(24), since: at(7) });
    expect([...late.contacts]).toEqual([known[1]]);
    const texts = await bench.store.moments({ asOf: at(24), channel: "sms" });
    expect(texts.seconds).toContain(at(4) / 1000);
    expect(texts.seconds).not.toContain(at(1) / 1000);
  });

  it("says of everybody whether they may be written to, and how they are to be treated", async () => {
    await people("1", "2", "3", "4");
    await give({
      contact: [{ id: "5", firstName: "No", lastName: "Address" }],
      engagement: [
        { contact: "3", type: "unsubscribe", at: at(1) },
        { contact: "4", type: "sent", campaign: "may", at: at(1) },
      ],
      consent: [
        { contact: "1", purpose: "profiling", status: "denied", at: at(0) },
        { contact: "2", purpose: "email", status: "denied", at: at(0) },
      ],
    });
    const told = await bench.store.reachable({ channel: "email", campaign: "may", now: at(9) });
    const may: Record<string, readonly [free: boolean, profiled: number]> = {};
    for (const id of ["1", "2", "3", "4", "5"]) {
      const row = told.contacts.indexOf(await numberOf(id));
      may[id] = [told.refusals[row] === 0, told.profiled[row]];
    }
    expect(may).toEqual({
      1: [true, 0],
      2: [false, 1],
      3: [false, 1],
      4: [false, 1],
      5: [false, 1],
    });
    expect(new Set(told.refusals).size).toBe(5);
    expect(told.transactional).toBe(false);
    const row = told.contacts.indexOf(await numberOf("1"));
    expect(told.timeZones[told.zones[row]]).toBe("Europe/Paris");
    const june = await bench.store.reachable({ channel: "email", campaign: "june", now: at(9) });
    expect(june.refusals[june.contacts.indexOf(await numberOf("4"))]).toBe(0);
    const receipt = { channel: "email", campaign: "receipt", now: at(9) } as const;
    expect((await bench.store.reachable(receipt)).transactional).toBe(true);
  });

  it("counts each marketing message once, sent or still to be", async () => {
    await people("1", "2");
    const [one, two] = [await numberOf("1"), await numberOf("2")];
    await give({
      engagement: [
        { contact: "1", type: "sent", campaign: "may", at: at(1) },
        { contact: "1", type: "delivered", campaign: "may", at: at(1.1) },
        { contact: "1", type: "sent", campaign: "receipt", at: at(2) },
        { contact: "1", type: "sent", campaign: "text", at: at(3) },
        { contact: "1", type: "sent", campaign: "june", at: at(99) },
      ],
    });
    await bench.store.saveSends(
      plan("p", "may", at(0)),
      sends([
        [one, at(1)],
        [two, at(9)],
      ]),
    );
    const span = { from: at(0), to: at(24) };
    const {
      contacts,
      offsets,
      at: instants,
      channels,
      names,
    } = await bench.store.messageTimes(span);
    const of = (contact: number) => {
      const row = contacts.indexOf(contact);
      if (row < 0) return [];
      const places = [...instants.keys()].slice(offsets[row], offsets[row + 1]);
      return places.map((place) => [instants[place], names[channels[place]]]);
    };
    expect(of(one)).toEqual([
      [at(1), "email"],
      [at(3), "sms"],
    ]);
    expect(of(two)).toEqual([[at(9), "email"]]);
    const others = await bench.store.messageTimes({ ...span, except: "may" });
    expect([...others.contacts]).toEqual([one]);
  });

  it("keeps plans of sends with the chances of choices, and tells what came of them, also after opening again", async () => {
    await people("1", "2", "3");
    const [one, two, three] = [await numberOf("1"), await numberOf("2"), await numberOf("3")];
    await bench.store.saveSends(
      plan("p", "may", at(0)),
      sends([
        [one, at(9)],
        [two, at(10)],
        [three, at(40)],
      ]),
    );
    await give({
      engagement: [
        { contact: "1", type: "open", campaign: "may", at: at(12) },
        { contact: "2", type: "open", campaign: "may", at: at(11), machine: true },
        { contact: "2", type: "click", campaign: "may", at: at(35) },
        { contact: "2", type: "open", campaign: "june", at: at(12) },
      ],
    });
    await reopen();
    // the third one's day is not over
    const log = await bench.store.sendLog({ asOf: at(48) });
    expect([...log.contacts]).toEqual([one, two]);
    expect([...log.at]).toEqual([at(9), at(10)]);
    expect([...log.localHours]).toEqual([9, 10]);
    expect([...log.answered]).toEqual([1, 0]);
    expect([...log.propensities]).toEqual([0.95, 0.05]);
    expect(Array.from(log.arms, (arm) => log.armNames[arm])).toEqual(["personal", "random"]);
    expect(Array.from(log.campaigns, (place) => log.campaignNames[place])).toEqual(["may", "may"]);
    expect(log.plans).toEqual([plan("p", "may", at(0))]);
    expect([...log.planned]).toEqual([0, 0]);
    expect((await bench.store.sendLog({ asOf: at(48), campaign: "june" })).contacts).toHaveLength(
      0,
    );
  });

  it("lets a new plan of a campaign take the place of what was not sent yet, and nothing else", async () => {
    await people("1", "2", "3");
    const [one, two, three] = [await numberOf("1"), await numberOf("2"), await numberOf("3")];
    await bench.store.saveSends(
      plan("p1", "may", at(0)),
      sends([
        [one, at(9)],
        [two, at(20)],
      ]),
    );
    await bench.store.saveSends(plan("q", "june", at(0)), sends([[three, at(21)]]));
    await bench.store.saveSends(plan("p2", "may", at(12)), sends([[two, at(30)]]));
    // the same again changes nothing
    await bench.store.saveSends(plan("p2", "may", at(12)), sends([[two, at(30)]]));
    const log = await bench.store.sendLog({ asOf: at(99) });
    expect([...log.at]).toEqual([at(9), at(21), at(30)]);
    expect(Array.from(log.planned, (place) => log.plans[place].id)).toEqual(["p1", "q", "p2"]);
    expect(log.plans.map(({ createdAt }) => createdAt)).toEqual([at(0), at(0), at(12)]);
  });

  it("leaves people who are forgotten or refuse profiling out of what came of plans", async () => {
    await people("1", "2", "3");
    const [one, two, three] = [await numberOf("1"), await numberOf("2"), await numberOf("3")];
    await bench.store.saveSends(
      plan("p", "may", at(0)),
      sends([
        [one, at(9)],
        [two, at(9)],
        [three, at(9)],
      ]),
    );
    await bench.store.forget(one);
    await give({ consent: [{ contact: "2", purpose: "profiling", status: "denied", at: at(50) }] });
    expect([...(await bench.store.sendLog({ asOf: at(99) })).contacts]).toEqual([three]);
    const told = await bench.store.messageTimes({ from: at(0), to: at(24) });
    expect([...told.contacts]).toEqual([two, three]);
  });
}
