// Exact reasons of a model: npm run example -- examples/why-this-score.ts
import { auc, logisticRegression, measure, type Table } from "@inchworm/learn";

// 400 customers: whoever has been silent for long, relative to their own rhythm, tends to leave
const rows = 400;
const silence = Float32Array.from({ length: rows }, (_, row) => (row * 37) % 200);
const rhythm = Float32Array.from({ length: rows }, (_, row) => 10 + ((row * 53) % 90));
const left = Float64Array.from(silence, (days, row) =>
  days / rhythm[row] + ((row * 29) % 17) / 10 > 2.5 ? 1 : 0,
);
const table: Table = {
  rows,
  columns: [
    { name: "days_since_order", kind: "number", values: silence },
    { name: "gap_mean_days", kind: "number", values: rhythm },
  ],
};

const model = await logisticRegression().fit(table, left);
const quality = measure(auc, model.predict(table), left, { seed: 1 });
console.log(
  `AUC ${quality.value.toFixed(3)} (${quality.low.toFixed(3)} to ${quality.high.toFixed(3)})`,
);

const { base, columns, contributions } = model.explain(table);
console.log(`average log-odds ${base.toFixed(2)}; the first customer adds:`);
for (const [index, column] of columns.entries()) {
  console.log(`  ${column}: ${contributions[index].toFixed(2)}`);
}
