import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.js";
import { forget } from "./forget.js";
import { keepScores, pastScores } from "./past-scores.js";
import { prepareStore } from "./prepare.js";

const day = 86_400_000;
let database: Database;
beforeEach(async () => {
  database = await openDatabase(":memory:");
  await prepareStore(database);
});
afterEach(() => database.close());

const keep = (on: number, values: readonly number[] = [0.1, 0.9], horizon = 30) =>
  keepScores(database, {
    scorer: "churn",
    modelId: `m${on}`,
    asOf: on * day,
    until: (on + horizon) * day,
    contacts: Int32Array.from(values, (_, index) => index + 1),
    values: Float64Array.from(values),
  });
const kept = async () =>
  (
    await database.rows<{ on: number; rows: number }>(
      `select epoch_ms(as_of) / ${day} as "on", count(*) as rows from past_scores group by as_of order by as_of`,
    )
  ).map(({ on, rows }) => [on, rows]);

describe("past scores", () => {
  it("are kept of one day in seven, and give the latest whose days have passed", async () => {
    for (const on of [1000, 1001, 1006, 1007, 1010, 1014]) await keep(on);
    expect(await kept()).toEqual([
      [1000, 2],
      [1007, 2],
      [1014, 2],
    ]);
    expect(await pastScores(database, "churn", 1029 * day)).toBeUndefined();
    expect(await pastScores(database, "churn", 1038 * day)).toEqual({
      scorer: "churn",
      modelId: "m1007",
      asOf: 1007 * day,
      until: 1037 * day,
      contacts: Int32Array.of(1, 2),
      values: Float64Array.of(0.1, 0.9),
    });
    expect(await pastScores(database, "value", 1038 * day)).toBeUndefined();
  });

  it("of the same day take the place of what was kept", async () => {
    await keep(1000);
    await keep(1000, [0.2, 0.3, 0.4]);
    expect(await kept()).toEqual([[1000, 3]]);
  });

  it("go once later ones can be judged, and after 400 days in any case", async () => {
    for (const on of [1000, 1007, 1014, 1040]) await keep(on);
    expect(await kept()).toEqual([
      [1007, 2], // judged by now, as 1000 was
      [1014, 2],
      [1040, 2],
    ]);
    await keep(1100, [0.5], 500);
    await keep(1450, [0.5], 500);
    expect(await kept()).toEqual([
      [1100, 1],
      [1450, 1],
    ]);
  });

  it("leave out who refuses profiling, and forget who asked for it", async () => {
    await database.run(
      "insert into identities values ('email', 'a@example.com', 1, 'current', null)",
    );
    await keep(1000, [0.1, 0.2, 0.3]);
    await database.run(
      "insert into consents values (2, 'profiling', 'import', 'denied', timestamp '2000-01-01')",
    );
    expect((await forget(database, 1)).removed.past_scores).toBe(1);
    expect([...((await pastScores(database, "churn", 2000 * day))?.contacts ?? [])]).toEqual([3]);
  });
});
