import {
  auc,
  averagePrecision,
  brier,
  calibrationError,
  type LogisticRegressionOptions,
  liftAt,
  logisticRegression,
  logLoss,
  takeRows,
} from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { haveData, readRows, toLabels, toTable } from "./tables.js";

/** Out-of-fold predictions, fold = row % 5. */
async function crossPredict(
  table: ReturnType<typeof toTable>,
  labels: Float64Array,
  options: LogisticRegressionOptions,
) {
  const scores = new Float64Array(table.rows);
  for (let fold = 0; fold < 5; fold++) {
    const rows = Array.from({ length: table.rows }, (_, row) => row);
    const training = rows.filter((row) => row % 5 !== fold);
    const judged = rows.filter((row) => row % 5 === fold);
    const model = await logisticRegression(options).fit(
      takeRows(table, training),
      Float64Array.from(training, (row) => labels[row]),
    );
    model.predict(takeRows(table, judged)).forEach((score, place) => {
      scores[judged[place]] = score;
    });
  }
  return scores;
}

// Reference: scikit-learn 1.9 LogisticRegression(C=1) after median imputation, standardising and one-hot encoding
// (categories in fewer than 5 rows pooled), same folds. Figures are printed with four decimals.
describe.skipIf(!haveData)("logisticRegression gives scikit-learn's figures", () => {
  it("on IBM Telco churn", async () => {
    const rows = readRows("telco-churn/Telco-Customer-Churn.csv.gz");
    const labels = toLabels(rows, "Churn", "Yes");
    const scores = await crossPredict(toTable(rows, ["customerID", "Churn"]), labels, { knots: 0 });
    expect(auc(scores, labels)).toBeCloseTo(0.8452, 3);
    expect(averagePrecision(scores, labels)).toBeCloseTo(0.6523, 3);
    expect(logLoss(scores, labels)).toBeCloseTo(0.4173, 3);
    expect(brier(scores, labels)).toBeCloseTo(0.1355, 3);
    expect(calibrationError(scores, labels)).toBeLessThan(0.027);
    expect(Math.abs(liftAt(0.1)(scores, labels) - 2.86)).toBeLessThan(0.03);
  });

  it("on Bank marketing without the call's duration", async () => {
    const rows = readRows("bank-marketing/bank-additional-full.csv.gz", ";");
    const labels = toLabels(rows, "y", "yes");
    const scores = await crossPredict(toTable(rows, ["duration", "y"]), labels, { knots: 0 });
    expect(auc(scores, labels)).toBeCloseTo(0.7908, 3);
    expect(averagePrecision(scores, labels)).toBeCloseTo(0.4507, 3);
    expect(logLoss(scores, labels)).toBeCloseTo(0.2773, 3);
    expect(liftAt(0.1)(scores, labels)).toBeCloseTo(4.35, 1);
  });

  it("and beats them by itself, with bends in the numbers", async () => {
    const rows = readRows("telco-churn/Telco-Customer-Churn.csv.gz");
    const labels = toLabels(rows, "Churn", "Yes");
    const scores = await crossPredict(toTable(rows, ["customerID", "Churn"]), labels, {});
    expect(auc(scores, labels)).toBeGreaterThan(0.849); // straight 0.8452, LightGBM 0.8451
    expect(logLoss(scores, labels)).toBeLessThan(0.4115); // straight 0.4173, LightGBM 0.4163
  });
});
