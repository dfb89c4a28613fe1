import { expect, it } from "vitest";
import { type Bench, day, history } from "./bench.js";

/** Scores are replaced, and past ones kept until they can be judged. */
export function keepsScores(bench: Bench): void {
  const { tell, reopen } = bench;

  it("replaces the scores of a scorer", async () => {
    await tell(history);
    const contacts = Int32Array.of((await bench.store.find("crm:1"))?.contact ?? 0);
    const scores = { scorer: "churn", modelId: "m", asOf: day(30), contacts };
    for (const value of [0.25, 0.75]) {
      await bench.store.saveScores({
        ...scores,
        fields: { churn_probability: [value], band: ["low"] },
        reasons: [["because"]],
        abstained: [undefined],
      });
    }
    expect(await bench.store.scoresOf(contacts[0])).toMatchObject([
      { values: { churn_probability: 0.75, band: "low" } },
    ]);
  });

  it("keeps scores of one day in seven until they can be judged, also after opening again", async () => {
    await tell(history);
    const ada = (await bench.store.find("crm:1"))?.contact ?? 0;
    const grace = (await bench.store.find("crm:2"))?.contact ?? 0;
    const contacts = Int32Array.of(ada, grace).sort();
    const keep = (on: number, value: number) =>
      bench.store.keepScores({
        scorer: "churn",
        modelId: "m",
        asOf: day(on),
        until: day(on + 10),
        contacts,
        values: Float64Array.of(value, value),
      });
    await keep(20, 0.25);
    await keep(23, 0.5); // too soon after the first
    await keep(27, 0.75);
    await keep(27, 0.75);
    await reopen();
    expect(await bench.store.pastScores("churn", day(29))).toBeUndefined();
    expect(await bench.store.pastScores("value", day(60))).toBeUndefined();
    expect(await bench.store.pastScores("churn", day(36))).toMatchObject({
      asOf: day(20),
      until: day(30),
      contacts,
      values: Float64Array.of(0.25, 0.25),
    });
    expect(await bench.store.pastScores("churn", day(37))).toMatchObject({ asOf: day(27) });
    await bench.store.forget(ada);
    expect([...((await bench.store.pastScores("churn", day(37)))?.contacts ?? [])]).toEqual([
      grace,
    ]);
    expect((await bench.store.labels("churn")).contacts).toHaveLength(0);
  });
}
