import { describe, expect, it } from "vitest";
import { auc } from "../metrics/auc.js";
import { random } from "../random.js";
import type { Column, Table } from "../types.js";
import { findLeaks } from "./find-leaks.js";
import { singleColumns } from "./single-columns.js";

const number = (name: string, values: ArrayLike<number>): Column => ({
  name,
  kind: "number",
  values: Float32Array.from(values),
});
const table = (...columns: Column[]): Table => ({
  rows: columns[0].kind === "number" ? columns[0].values.length : columns[0].codes.length,
  columns,
});

describe("singleColumns", () => {
  it("rank by what a column tells of rows it does not know", () => {
    const { normal, uniform } = random(1);
    const values = Float32Array.from({ length: 4000 }, normal);
    const labels = Float64Array.from(values, (value) =>
      Number(uniform() < 1 / (1 + Math.exp(-2 * value))),
    );
    const columns = [number("noise", values.map(normal)), number("signal", values)];
    const [noise, signal] = singleColumns(table(...columns), labels, 1);
    expect(noise.auc).toBeGreaterThan(0.45);
    expect(noise.auc).toBeLessThan(0.55);
    expect(signal.auc).toBeGreaterThan(auc(Float64Array.from(values), labels) - 0.01);
  });

  it("do not take many rare levels for knowledge", () => {
    const { below } = random(2);
    const labels = Float64Array.from({ length: 3000 }, () => below(2));
    const codes = Int32Array.from(labels, () => below(250));
    const levels = Array.from({ length: 250 }, (_, level) => `level ${level}`);
    const [one] = singleColumns(
      table({ name: "many", kind: "category", codes, levels }),
      labels,
      1,
    );
    expect(one.auc).toBeLessThan(0.54);
    expect(one.logLoss).toBeGreaterThan(Math.log(2));
  });

  it("see that only missing values tell", () => {
    const labels = Float64Array.from({ length: 1000 }, (_, row) => row % 2);
    const values = Float32Array.from(labels, (label, row) => (label ? Number.NaN : row % 7));
    expect(singleColumns(table(number("gap", values)), labels, 1)[0].auc).toBeGreaterThan(0.99);
  });
});

describe("findLeaks", () => {
  const rows = 2000;
  const { uniform, below } = random(9);
  const labels = Float64Array.from({ length: rows }, () => below(2));
  const mixed = (share: number) =>
    Float32Array.from(labels, (label) => (uniform() < share ? label : below(2)));
  const found = (modelAuc: number, ...columns: Column[]) =>
    findLeaks(table(...columns), labels, { modelAuc }).map(({ column }) => column);

  it("is a column that tells the outcome alone", () => {
    const columns = [number("honest", mixed(0.5)), number("closing", mixed(0.95))];
    expect(found(0.8, ...columns)).toEqual(["closing"]);
  });

  it("is a name of something later, but only where the model is too good", () => {
    const columns = ["lastActivity", "call_duration", "Lead Score", "lasting", "tenure"].map(
      (name) => number(name, mixed(0.5)),
    );
    expect(found(0.85, ...columns)).toEqual([]);
    expect(found(0.95, ...columns).sort()).toEqual(["Lead Score", "call_duration", "lastActivity"]);
    expect(found(0.95, number("status", mixed(0)))).toEqual([]);
  });

  it("says why, the most telling first, and what it cannot judge", () => {
    const columns = [
      number("late", mixed(0.9)),
      number("honest", mixed(0.5)),
      number("closing", labels),
    ];
    const [one, other, ...none] = findLeaks(table(...columns), labels);
    expect([one.column, other.column, none]).toEqual(["closing", "late", []]);
    expect(one.because).toBe("alone it tells the outcome with an AUC of 1.000");
    expect(() =>
      findLeaks(
        table(...columns),
        labels.map(() => 1),
      ),
    ).toThrow("rows labelled 0");
  });
});
