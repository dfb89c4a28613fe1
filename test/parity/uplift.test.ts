import { qini, type Table, uplift, upliftAt } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { haveData, readRows, toTable } from "./tables.js";

// Kevin Hillstrom's e-mail analytics challenge: 64,000 customers, three arms by lot, outcome "visit".
// The fits take 20 to 60 CPU seconds together; fewer rows would be another benchmark.
const slow = 600_000;

function hillstrom(arm: string, only?: ReadonlySet<number>) {
  const { header, rows } = readRows("hillstrom/hillstrom.csv.gz");
  const segment = header.indexOf("segment");
  const those = rows.filter(
    (row, place) =>
      (row[segment] === arm || row[segment] === "No E-Mail") && (only?.has(place) ?? true),
  );
  const table: Table = toTable({ header, rows: those }, [
    "segment",
    "visit",
    "conversion",
    "spend",
  ]);
  const treated = Uint8Array.from(those, (row) => Number(row[segment] === arm));
  const outcome = Float64Array.from(those, (row) => Number(row[header.indexOf("visit")]));
  return { table, treated, outcome };
}

const learn = ({ table, treated, outcome }: ReturnType<typeof hillstrom>, arm: string) =>
  uplift({ seed: 1 }).fit({
    table,
    arms: ["No E-Mail", arm],
    arm: Int32Array.from(treated),
    outcome,
  });

describe.skipIf(!haveData)("Hillstrom", () => {
  // the published split of scikit-uplift's notebook; the best Qini of the references beside the data is .0597, scikit-uplift's 30 % is .0661
  it(
    "ranks the test half of the women's mailing as well as the references",
    async () => {
      const { rows } = readRows("hillstrom/split_womens_vs_none_seed42.csv.gz");
      const half = (name: string) =>
        new Set(rows.filter(([, split]) => split === name).map(([row]) => Number(row)));
      const arm = "Womens E-Mail";
      const model = await learn(hillstrom(arm, half("train")), arm);
      const test = hillstrom(arm, half("test"));
      const scores = model.predict(test.table);
      expect(model.arms[0].signal).toBe(true);
      expect(qini(scores, test)).toBeGreaterThanOrEqual(0.0595);
      expect(upliftAt(0.3, scores, test)).toBeGreaterThanOrEqual(0.0661);
    },
    slow,
  );

  // with the same gradient boosting settings for all, uplift learners have .006 at most and plain response .0266 (LightGBM)
  it(
    "finds for the men's mailing the one ranking that holds",
    async () => {
      const arm = "Mens E-Mail";
      const [{ signal, chosen, learners }] = (await learn(hillstrom(arm), arm)).arms;
      expect(signal).toBe(true);
      expect(learners.find(({ name }) => name === chosen)?.qini).toBeGreaterThanOrEqual(0.02);
    },
    slow,
  );
});
