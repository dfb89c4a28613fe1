import { random } from "../random.js";
import type { Table } from "../types.js";

const plans = ["free", "basic", "plus", "gold", "ünïcode ✓"];

/** Seeded customers whose log-odds are known: numbers, categories, missing values, an interaction, noise and a constant. */
export function plantedTable(
  rows: number,
  seed: number,
): { table: Table; labels: Float64Array; odds: Float64Array; weights: Float64Array } {
  const draw = random(seed);
  const age = new Float32Array(rows);
  const spend = new Float32Array(rows);
  const visits = new Float32Array(rows);
  const noise = new Float32Array(rows);
  const codes = new Int32Array(rows);
  const town = new Int32Array(rows);
  const odds = new Float64Array(rows);
  const labels = new Float64Array(rows);
  const weights = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    age[row] = draw.normal();
    spend[row] = draw.uniform() < 0.2 ? NaN : Math.round(Math.exp(draw.normal()) * 100) / 100;
    visits[row] = draw.below(8);
    noise[row] = draw.normal();
    codes[row] = draw.uniform() < 0.1 ? -1 : draw.below(plans.length);
    town[row] = draw.below(40);
    weights[row] = 0.5 + draw.uniform();
    const spent = Number.isNaN(spend[row]) ? -1.5 : Math.min(spend[row], 4);
    odds[row] =
      1.2 * age[row] +
      0.7 * spent * (visits[row] > 3 ? 1 : -0.3) +
      (codes[row] === 3 ? 1.5 : codes[row] === -1 ? -1 : 0) +
      (town[row] % 5 === 0 ? 0.8 : -0.2);
    labels[row] = draw.uniform() < 1 / (1 + Math.exp(-odds[row])) ? 1 : 0;
  }
  return {
    table: {
      rows,
      columns: [
        { name: "age", kind: "number", values: age },
        { name: "spend", kind: "number", values: spend },
        { name: "plan", kind: "category", codes, levels: plans },
        { name: "visits", kind: "number", values: visits },
        { name: "constant", kind: "number", values: new Float32Array(rows).fill(7) },
        { name: "noise", kind: "number", values: noise },
        {
          name: "town",
          kind: "category",
          codes: town,
          levels: Array.from({ length: 40 }, (_, index) => `town ${index}`),
        },
      ],
    },
    labels,
    odds,
    weights,
  };
}
