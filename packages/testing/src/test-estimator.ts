import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";

/** A column as estimators take it. */
export type EstimatorColumn =
  | { readonly name: string; readonly kind: "number"; readonly values: Float32Array }
  | {
      readonly name: string;
      readonly kind: "category";
      readonly codes: Int32Array;
      readonly levels: readonly string[];
    };

export interface EstimatorTable {
  readonly rows: number;
  readonly columns: readonly EstimatorColumn[];
}

export interface EstimatorModel {
  predict(table: EstimatorTable): Float64Array;
  explain(table: EstimatorTable): {
    readonly base: number;
    readonly columns: readonly string[];
    readonly contributions: Float64Array;
  };
  save(): {
    readonly format: string;
    readonly kind: string;
    readonly version: number;
    readonly data: unknown;
  };
}

/** What an estimator must offer to be tested; every `Estimator` of `@inchworm/learn` does. */
export interface TestedEstimator {
  readonly kind: string;
  fit(
    table: EstimatorTable,
    labels: Float64Array,
    options?: {
      readonly weights?: Float64Array;
      readonly signal?: AbortSignal;
      readonly onProgress?: (share: number) => void;
    },
  ): Promise<EstimatorModel>;
  // biome-ignore lint/suspicious/noExplicitAny: an estimator takes its own artifact type
  load(artifact: any): EstimatorModel;
}

export interface TestEstimatorOptions {
  /** A fresh estimator with the same settings and seed each time. */
  readonly make: () => TestedEstimator;
  /** At least 40 rows, with numbers and categories, some of them missing. */
  readonly table: EstimatorTable;
  readonly labels: Float64Array;
  /** Turns a prediction into the scale of the contributions. Defaults to log-odds. */
  readonly margin?: (prediction: number) => number;
}

/**
 * The rules that every estimator keeps. Call it inside a test file: `testEstimator({ make: () => gradientBoosting({ seed: 1 }), table, labels })`.
 */
export function testEstimator({
  make,
  table,
  labels,
  margin = logOdds,
}: TestEstimatorOptions): void {
  describe(`${make().kind} as an estimator`, () => {
    const rows = Array.from({ length: table.rows }, (_, row) => row);
    const train = () => make().fit(table, labels);

    it("gives one finite number per row", async () => {
      const predictions = (await train()).predict(table);
      expect(predictions).toHaveLength(table.rows);
      expect(predictions.every(Number.isFinite)).toBe(true);
    });

    it("gives the same bytes twice", async () => {
      const [first, second] = [await train(), await train()];
      expect(JSON.stringify(second.save())).toBe(JSON.stringify(first.save()));
      expect(second.predict(table)).toEqual(first.predict(table));
    });

    it("forgets an earlier fit", async () => {
      const estimator = make();
      const half = rows.filter((row) => row % 2 === 0);
      await estimator.fit(
        take(table, half),
        Float64Array.from(half, (row) => 1 - labels[row]),
      );
      const again = await estimator.fit(table, labels);
      expect(JSON.stringify(again.save())).toBe(JSON.stringify((await train()).save()));
    });

    it("scores a row alike in any order and any company", async () => {
      const model = await train();
      const all = model.predict(table);
      const backwards = model.predict(take(table, rows.toReversed()));
      expect(backwards.toReversed()).toEqual(all);
      const some = rows.filter((row) => row % 3 === 1);
      expect(model.predict(take(table, some))).toEqual(Float64Array.from(some, (row) => all[row]));
      expect(model.predict(take(table, [5]))).toEqual(all.slice(5, 6));
      expect(model.predict(take(table, []))).toHaveLength(0);
    });

    it("finds columns by name and levels by text", async () => {
      const model = await train();
      const all = model.predict(table);
      const extra: EstimatorColumn = {
        name: "a column that was not there",
        kind: "number",
        values: new Float32Array(table.rows).fill(Infinity),
      };
      const shuffled = {
        rows: table.rows,
        columns: [extra, ...table.columns.map(recode).toReversed()],
      };
      expect(model.predict(shuffled)).toEqual(all);
      const [, ...fewer] = table.columns;
      expect(refusal(() => model.predict({ rows: table.rows, columns: fewer }))).toBe("input");
    });

    it("takes an unknown level for a missing one", async () => {
      const model = await train();
      const replace = (column: EstimatorColumn, unknown: boolean): EstimatorColumn =>
        column.kind === "number"
          ? column
          : unknown
            ? {
                ...column,
                codes: column.codes.map(() => 0),
                levels: ["a level that was not there"],
              }
            : { ...column, codes: column.codes.map(() => -1) };
      const changed = (unknown: boolean) => ({
        rows: table.rows,
        columns: table.columns.map((column) => replace(column, unknown)),
      });
      expect(model.predict(changed(true))).toEqual(model.predict(changed(false)));
    });

    it("explains each prediction exactly", async () => {
      const model = await train();
      const { base, columns, contributions } = model.explain(table);
      expect(columns).toEqual(table.columns.map(({ name }) => name));
      expect(contributions).toHaveLength(table.rows * columns.length);
      model.predict(table).forEach((prediction, row) => {
        const part = contributions.subarray(row * columns.length, (row + 1) * columns.length);
        const sum = part.reduce((total, contribution) => total + contribution, base);
        expect(Math.abs(sum - margin(prediction))).toBeLessThan(
          1e-9 * (1 + Math.abs(sum)) + margins(prediction),
        );
      });
    });

    it("comes back from its artifact, through JSON, with the same scores", async () => {
      const model = await train();
      const text = JSON.stringify(model.save());
      const loaded = make().load(JSON.parse(text));
      expect(loaded.predict(table)).toEqual(model.predict(table));
      expect(loaded.explain(table)).toEqual(model.explain(table));
      expect(JSON.stringify(loaded.save())).toBe(text);
    });

    it("refuses an artifact that is foreign, cut or tampered with", async () => {
      const estimator = make();
      const saved = (await train()).save();
      const foreign = [undefined, null, 1, "model", [], {}, { ...saved, format: "pickle" }];
      const other = [
        { ...saved, kind: "other" },
        { ...saved, version: 999 },
        { ...saved, data: null },
      ];
      for (const artifact of [...foreign, ...other, Object.create(saved)])
        expect(refusal(() => estimator.load(artifact))).toBe("artifact");
      for (const broken of breakages(saved.data))
        expect(refusal(() => estimator.load({ ...saved, data: broken }).predict(table))).toMatch(
          /^(artifact|input|nothing)$/,
        );
      for (const key of Object.keys(saved.data as object))
        expect(refusal(() => estimator.load({ ...saved, data: without(saved.data, key) }))).toBe(
          "artifact",
        );
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });

    it("leaves its input as it was", async () => {
      const before = structuredClone({ table, labels });
      const model = await train();
      model.predict(table);
      model.explain(table);
      expect({ table, labels }).toEqual(before);
    });

    it("counts a row of weight 0 as absent", async () => {
      const none = Float64Array.from(rows, (row) => (row % 4 === 0 ? 0 : 1));
      const kept = rows.filter((row) => none[row] === 1);
      const weighted = await make().fit(table, labels, { weights: none });
      const fewer = await make().fit(
        take(table, kept),
        Float64Array.from(kept, (row) => labels[row]),
      );
      const [left, right] = [weighted.predict(table), fewer.predict(table)];
      for (const row of rows)
        expect(Math.abs(left[row] - right[row])).toBeLessThan(1e-6 * (1 + Math.abs(right[row])));
    });

    it("refuses data that do not fit together", async () => {
      const estimator = make();
      const [first] = table.columns;
      const twice = { rows: table.rows, columns: [...table.columns, first] };
      const faults: [string, () => Promise<unknown>][] = [
        ["labels", () => estimator.fit(table, labels.slice(1))],
        ["weights", () => estimator.fit(table, labels, { weights: new Float64Array(3) })],
        ["negative", () => estimator.fit(table, labels, { weights: labels.map(() => -1) })],
        ["names", () => estimator.fit(twice, labels)],
        ["rows", () => estimator.fit({ rows: table.rows + 1, columns: table.columns }, labels)],
        ["empty", () => estimator.fit(take(table, []), new Float64Array(0))],
        ["none", () => estimator.fit({ rows: table.rows, columns: [] }, labels)],
        [
          "label",
          () =>
            estimator.fit(
              table,
              labels.map(() => Number.NaN),
            ),
        ],
      ];
      for (const [name, fault] of faults)
        expect([name, await rejection(fault)]).toEqual([name, "input"]);
    });

    it("stops when told to, and tells how far it is", async () => {
      const estimator = make();
      const gone = AbortSignal.abort();
      expect(await rejection(() => estimator.fit(table, labels, { signal: gone }))).toBe("aborted");
      const shares: number[] = [];
      await estimator.fit(table, labels, { onProgress: (share) => shares.push(share) });
      expect(shares.at(-1)).toBe(1);
      expect(shares).toEqual(shares.toSorted((left, right) => left - right));
    });
  });
}

/** The code of the error thrown; "nothing" or "other" where there is none of ours. */
function refusal(call: () => unknown): string {
  try {
    call();
    return "nothing";
  } catch (error) {
    return InchwormError.is(error) ? error.code : `other: ${String(error)}`;
  }
}

async function rejection(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return "nothing";
  } catch (error) {
    return InchwormError.is(error) ? error.code : `other: ${String(error)}`;
  }
}

const logOdds = (probability: number): number => Math.log(probability / (1 - probability));

/** How much rounding a probability near 0 or 1 hides in its log-odds. */
const margins = (probability: number): number => {
  const room = Math.min(probability, 1 - probability);
  return Number.isFinite(room) && room > 0 && room < 1 ? 1e-15 / room : 1e-12;
};

function take(table: EstimatorTable, rows: readonly number[]): EstimatorTable {
  const columns = table.columns.map((column) =>
    column.kind === "number"
      ? { ...column, values: Float32Array.from(rows, (row) => column.values[row]) }
      : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]) },
  );
  return { rows: rows.length, columns };
}

/** The same column with its levels numbered backwards. */
function recode(column: EstimatorColumn): EstimatorColumn {
  if (column.kind === "number") return column;
  const last = column.levels.length - 1;
  return {
    ...column,
    levels: column.levels.toReversed(),
    codes: column.codes.map((code) => (code < 0 ? -1 : last - code)),
  };
}

function without(data: unknown, key: string): unknown {
  const { [key]: _gone, ...rest } = data as Record<string, unknown>;
  return rest;
}

/** The data with one part replaced by something it must not be, for every part down to a depth. */
function* breakages(data: unknown, depth = 4): Generator<unknown> {
  for (const wrong of [null, "text", Number.NaN, -1, 1e300, [], {}, [null], { length: 1e9 }])
    yield wrong;
  yield JSON.parse('{"__proto__": {"polluted": true}}');
  if (depth === 0 || typeof data !== "object" || data === null) return;
  if (Array.isArray(data)) {
    yield data.slice(0, -1);
    if (data.length === 0) return;
    for (const broken of breakages(data[0], depth - 1)) yield [broken, ...data.slice(1)];
    return;
  }
  for (const [key, part] of Object.entries(data))
    for (const broken of breakages(part, depth - 1)) yield { ...data, [key]: broken };
}
