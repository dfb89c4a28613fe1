import { random } from "@inchworm/learn";
import type { DecisionLog, Store } from "@inchworm/store";
import { expect, it } from "vitest";
import type { Scorer } from "../scorer.js";
import { alarmsOf } from "./alarms.js";
import { day } from "./proof-shop.fixture.js";

/** A campaign whose people have scores around `level`; half go without. */
function log(seed: number, level: number, since = 0): DecisionLog {
  const draws = random(seed);
  const people = 2000;
  return {
    campaign: `c${seed}`,
    since,
    scorer: "churn",
    contacts: Int32Array.from({ length: people }, (_, row) => row + 1),
    at: new Float64Array(people).fill(since),
    arms: Uint8Array.from({ length: people }, (_, row) => row % 2),
    armNames: ["holdout", "treated"],
    actions: ["nothing", "send"],
    scores: Float64Array.from({ length: people }, () => level + 0.1 * (draws.uniform() - 0.5)),
    propensities: new Float64Array(people).fill(0.5),
    costs: [0, 0],
  };
}
const scorer = (rate: number): Scorer =>
  ({
    name: "churn",
    outcome: {
      field: "churn_probability",
      kind: "probability",
      horizonDays: 30,
      observe: async (_: unknown, { contacts }: { contacts: Int32Array }) => {
        const draws = random(99);
        return Float64Array.from(contacts, () => (draws.uniform() < rate ? 1 : 0));
      },
    },
  }) as unknown as Scorer;
const ask = (logs: readonly DecisionLog[], rate: number, asOf = 365 * day) =>
  alarmsOf({} as Store, logs, scorer(rate), asOf);

it("scores that move from campaign to campaign raise an alarm, and steady ones do not", async () => {
  const moved = await ask([log(1, 0.3), log(2, 0.36)], 0.33);
  expect(moved.map(({ kind }) => kind)).toEqual(["drift"]);
  expect(moved[0].because).toMatch(/on average 0\.30\d then and 0\.3[56]\d* now \(effect/);
  let alarms = 0;
  for (let run = 0; run < 30; run++)
    alarms += (await ask([log(2 * run + 10, 0.3), log(2 * run + 11, 0.3)], 0.3)).length;
  expect(alarms).toBeLessThanOrEqual(2);
});

it("scores that promise more than comes to those who went without raise an alarm once their days have passed", async () => {
  const inflated = await ask([log(1, 0.4)], 0.3);
  expect(inflated.map(({ kind }) => kind)).toEqual(["inflation"]);
  expect(inflated[0].because).toMatch(/promise too much: 0\.4 on average.*came of the 1000 people/);
  expect(await ask([log(1, 0.4)], 0.3, 29 * day)).toEqual([]);
  // too little promised is no inflation
  expect(await ask([log(1, 0.3)], 0.4)).toEqual([]);
});
