import { random } from "@inchworm/learn";
import type { ModelCard } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { day } from "../windows.js";
import { tellApart } from "./apart.js";
import { driftSince } from "./drift.js";
import type { Look } from "./look.js";
import { referenceOf } from "./reference.js";

const card = (...drivers: string[]) =>
  ({ drivers: drivers.map((feature) => ({ feature, weight: 1 })) }) as unknown as ModelCard;

/** Visits and orders that go together to an extent, days known, and an idle feature; the score follows the visits. */
function look(
  seed: number,
  together: number,
  options: { rows?: number; known?: number } = {},
): Look {
  const { rows = 1200, known = 100 } = options;
  const draws = random(seed);
  const visits = Float32Array.from({ length: rows }, () => draws.normal());
  const orders = visits.map(
    (value) => together * value + Math.sqrt(1 - together ** 2) * draws.normal(),
  );
  return {
    asOf: 100 * day,
    rows,
    contacts: Int32Array.from({ length: rows }, (_, row) => row),
    features: new Map([
      ["visits", visits],
      ["orders", orders],
      ["idle", Float32Array.from(visits, () => draws.normal())],
      ["tenure_days", Float32Array.from(visits, () => known + draws.uniform())],
    ]),
    scores: Float64Array.from(visits, (value) => value + 0.1 * draws.normal()),
  };
}
const leaned = card("visits", "orders");
const apart = (before: Look, now: Look, of = leaned) => tellApart(before, now, of, { seed: 1 });
async function drift(before: Look, now: Look, joint = 0) {
  const reference = referenceOf([before], joint);
  return reference && driftSince(reference, now, leaned, await apart(before, now));
}

describe("people of then and of now", () => {
  it("are told apart where features no longer go together, though each is as it was", async () => {
    const found = await drift(look(1, 0.8), look(2, 0));
    expect(found?.features.filter(({ moved }) => moved)).toEqual([]);
    expect(found?.score?.moved).toBe(false);
    expect(found?.joint).toMatchObject({ moved: true, least: 0.1 });
    expect(found?.joint?.auc[1]).toBeGreaterThan(0.6);
    expect(found?.joint?.by.slice(0, 3)).toContain("orders");
    expect(found?.retrain).toBe(true);
    expect(found?.because).toMatch(
      /^Moved since the training of 1970-04-11: people of then and now can be told apart \(AUC 0\.\d\d, 0\.\d\d to 0\.\d\d\) by \w+, \w+, \w+ together\. See/,
    );
  });

  it("are not where nothing changed, nor by the calendar or what has no weight", async () => {
    let alarms = 0;
    for (let round = 0; round < 20; round++) {
      const found = await drift(
        look(100 + round, 0.8, { rows: 150 }),
        look(200 + round, 0.8, { rows: 150, known: 130 }),
      );
      if (found?.retrain) alarms++;
      expect(found?.joint?.by).not.toContain("tenure_days");
    }
    expect(alarms).toBeLessThanOrEqual(2);
    const idle = await apart(look(3, 0.8), look(4, 0), card("visits"));
    expect(idle?.auc.low).toBeLessThan(0.5);
  });

  it("must be farther apart than people of days before the training were", async () => {
    const [before, now] = [look(1, 0.8), look(2, 0)];
    const effect = (await apart(before, now))?.effect ?? 0;
    expect((await drift(before, now, effect))?.joint).toMatchObject({
      moved: false,
      least: 2 * effect,
    });
  });

  it("cannot be compared when they are too few", async () => {
    expect(await apart(look(1, 0.8, { rows: 60 }), look(2, 0.8))).toBeUndefined();
  });
});
