import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sendTimes } from "@inchworm/learn";
import { describe, expect, it } from "vitest";

const data = new URL("../../../shared/data/", import.meta.url);
const hour = 3_600_000;
const read = (file: string): string[] =>
  gunzipSync(readFileSync(new URL(file, data)))
    .toString("utf8")
    .trim()
    .split("\n")
    .slice(1);

/** Week hour in UTC, Monday 00:00 = 0. */
const weekHour = (at: number): number => (Math.floor(at / hour) + 72) % 168;

function offsetsOf(rows: readonly number[], contacts: number): Int32Array {
  const offsets = new Int32Array(contacts + 1);
  for (const row of rows) offsets[row + 1]++;
  for (let contact = 0; contact < contacts; contact++) offsets[contact + 1] += offsets[contact];
  return offsets;
}

const sendsFile = "send-time-simulated/sends.csv.gz";

describe.skipIf(!existsSync(new URL(sendsFile, data)))(
  "send times on logs with known truth",
  () => {
    const truth = (): number[][] =>
      read("send-time-simulated/true_open_probability.csv.gz").map((line) =>
        line.split(",").slice(1).map(Number),
      );
    const sends = () =>
      read(sendsFile).map((line) => {
        const [user, , at, , , opened, delay] = line.split(",");
        const sent = Date.parse(at);
        const after = Math.floor((sent + Number(delay) * 60_000) / hour) - Math.floor(sent / hour);
        return { user: Number(user), cell: weekHour(sent), opened: opened === "1", after };
      });

    it("open more than with any simple rule", async () => {
      const rows = sends();
      const probabilities = truth();
      const contacts = probabilities.length;
      const history = {
        contacts,
        ordered: true,
        sends: {
          offsets: offsetsOf(
            rows.map(({ user }) => user),
            contacts,
          ),
          cells: Uint8Array.from(rows, ({ cell }) => cell),
          reactions: Uint8Array.from(rows, ({ opened }) => (opened ? 2 : 0)),
          delays: Uint8Array.from(rows, ({ opened, after }) => (opened ? after : 24)),
        },
      };
      const chosenBy = async (leastEvents: number) => {
        const model = await sendTimes({ leastEvents }).fit(history);
        const { best } = model.best(history);
        const sum = best.reduce((total, cell, user) => total + probabilities[user][cell % 24], 0);
        return { model, mean: sum / contacts };
      };
      // best single hour .1726, best simple method .2174; .229 is what the true curves of all other users as a prior give (below)
      const { model, mean } = await chosenBy(2);
      const { mean: bold } = await chosenBy(1);
      console.log(
        `mean true open probability: ${mean.toFixed(4)}, from one answer on ${bold.toFixed(4)}`,
      );
      expect(mean).toBeGreaterThan(0.221);
      expect(bold).toBeGreaterThan(0.224);
      expect(model.heldOut.model).toBeGreaterThan(model.heldOut.global);
      expect(model.heldOut.model).toBeGreaterThan(model.heldOut.unshrunk);
    }, 60_000);

    it("cannot open .23: Bayes' rule with everybody's true curve as the prior does not either", () => {
      const probabilities = truth();
      const contacts = probabilities.length;
      const logs: [Float64Array, Float64Array][] = probabilities.map((curve) => [
        Float64Array.from(curve, (value) => Math.log(value)),
        Float64Array.from(curve, (value) => Math.log1p(-value)),
      ]);
      const opens = new Int32Array(contacts * 24);
      const others = new Int32Array(contacts * 24);
      for (const { user, cell, opened } of sends())
        (opened ? opens : others)[user * 24 + (cell % 24)]++;
      let mean = 0;
      for (let user = 0; user < contacts; user++) {
        const likely = logs.map(([open, none], other) => {
          if (other === user) return -Infinity;
          let sum = 0;
          for (let at = 0; at < 24; at++)
            sum += opens[user * 24 + at] * open[at] + others[user * 24 + at] * none[at];
          return sum;
        });
        const most = Math.max(...likely);
        const expected = new Float64Array(24);
        likely.forEach((value, other) => {
          const weight = Math.exp(value - most);
          for (let at = 0; at < 24; at++) expected[at] += weight * probabilities[other][at];
        });
        mean += probabilities[user][expected.indexOf(Math.max(...expected))] / contacts;
      }
      console.log(`with the true prior: ${mean.toFixed(4)}`);
      expect(mean).toBeLessThan(0.2305);
      expect(mean).toBeGreaterThan(0.225);
    }, 60_000);
  },
);

const retail = "online-retail/online_retail_dev.csv.gz";

describe.skipIf(!existsSync(new URL(retail, data)))("hours of purchase on Online Retail", () => {
  it("are foretold better than by any simple rule", async () => {
    // customers with at least five invoices: the first four fifths are known, the hours of the rest are asked
    const invoices = new Map<string, { customer: string; at: number }>();
    for (const line of read(retail)) {
      const found = line.match(/,(-?\d+),(\d{4}-\d\d-\d\d \d\d:\d\d)[^,]*,(-?[\d.]+),(\d+),[^,]*$/);
      if (!found || Number(found[1]) <= 0) continue;
      const invoice = line.slice(0, line.indexOf(","));
      if (!invoices.has(invoice))
        invoices.set(invoice, {
          customer: found[4],
          at: Date.parse(`${found[2].replace(" ", "T")}:00Z`),
        });
    }
    const byCustomer = new Map<string, number[]>();
    for (const { customer, at } of invoices.values())
      byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), at]);
    const people = [...byCustomer.values()]
      .filter(({ length }) => length >= 5)
      .map((times) => times.sort((one, other) => one - other));
    expect([people.length, people.flat().length]).toEqual([690, 7819]);

    const offsets = new Int32Array(people.length + 1);
    const cells: number[] = [];
    const asked: [person: number, hour: number][] = [];
    people.forEach((times, person) => {
      const known = Math.floor(0.8 * times.length);
      times.forEach((at, order) => {
        if (order < known) cells.push(weekHour(at));
        else asked.push([person, weekHour(at) % 24]);
      });
      offsets[person + 1] = cells.length;
    });
    const kinds = new Uint8Array(cells.length).fill(5);
    const history = {
      contacts: people.length,
      ordered: true,
      activity: { offsets, cells: Uint8Array.from(cells), kinds },
    };
    const shares = (await sendTimes().fit(history)).probabilities(history);
    let loss = 0;
    for (const [person, at] of asked) {
      let share = 0;
      for (let cell = at; cell < 168; cell += 24) share += shares[person * 168 + cell];
      loss -= Math.log(share) / asked.length;
    }
    console.log(`log loss over 24 hours: ${loss.toFixed(4)}`);
    expect(asked).toHaveLength(1828);
    // best simple rule: counts smoothed over ±1 h with 10 pseudo-counts, 2.2786
    expect(loss).toBeLessThan(2.275);
  }, 60_000);
});
