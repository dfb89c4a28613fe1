import { describe, expect, it } from "vitest";
import { type Dialect, duckdb } from "./dialect.js";
import { call, identifier, instant, join, render, sql } from "./sql.js";

describe("sql", () => {
  it("binds every value, and the same one once", () => {
    const cut = instant(1000);
    const query = sql`select ${identifier("n")} from t where a < ${cut} and b = ${instant(7)} and c < ${cut}`;
    expect(render(query, duckdb)).toEqual({
      text: "select n from t where a < $1 and b = $2 and c < $1",
      params: [new Date(1000), new Date(7)],
    });
  });

  it("spells functions and placeholders as the dialect does", () => {
    const shouting: Dialect = {
      name: "shouting",
      functions: { ...duckdb.functions, f64: (value) => `DOUBLE(${value})` },
      parameter: (type, index) => `{p${index}:${type}}`,
      bind: ({ value }) => value,
    };
    const query = sql`select ${join([call("f64", instant(1)), call("f64", sql`a + ${instant(2)}`)], ", ")}`;
    expect(render(query, shouting)).toEqual({
      text: "select DOUBLE({p1:instant}), DOUBLE(a + {p2:instant})",
      params: [1, 2],
    });
  });

  it("takes only plain names as identifiers", () => {
    for (const name of ["a b", "a;drop", "A", "", '"a"', "1a"])
      expect(() => identifier(name)).toThrow(TypeError);
  });
});
