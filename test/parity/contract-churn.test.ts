import { existsSync } from "node:fs";
import { contractChurn, type History } from "@inchworm/core";
import { describe, expect, it } from "vitest";

const telco = "../shared/data/telco-churn/Telco-Customer-Churn.csv.gz";
/** Nobody of the table is in the store. */
const nobody = {
  async *contacts() {
    yield [];
  },
} as unknown as History;

describe.skipIf(!existsSync(telco))("contract churn on Telco", () => {
  it("is published, judged on customers held out", async () => {
    const table = { file: telco, customer: "customerID", cancelled: "Churn" };
    const scorer = contractChurn({ table });
    const { card } = await scorer.train(nobody, { asOf: Date.UTC(2026, 0, 1), seed: 1 });
    if (card.kind !== "probability") throw new Error("not a probability");
    expect(card.verdict).toBe("published");
    expect(card.rule.name).toBe("Contract alone");
    // one fifth of 7,043 rows: ± .02 beside the .848 of five folds
    expect(card.metrics.auc.value).toBeGreaterThan(0.83);
    expect(card.counts.trainingRows + card.counts.evaluationRows).toBe(7043);
    expect(card.notes?.join(" ")).toMatch(/tells no dates/);
  }, 60_000);
});
