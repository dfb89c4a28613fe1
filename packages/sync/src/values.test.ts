import type { Field } from "@inchworm/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idSet } from "./id-set.js";
import { roundValue, sameValue } from "./values.js";

const field = (decimals?: number): Field => ({
  name: "score",
  label: "Score",
  description: "",
  type: "number",
  ...(decimals !== undefined && { decimals }),
});

describe("values", () => {
  it("are rounded to the field's decimals, and rounding again changes nothing", () => {
    expect(roundValue(field(3), 0.12349)).toBe(0.123);
    expect(roundValue(field(), 2.5000001)).toBe(3);
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: 0, max: 8 }), (value, decimals) => {
        const once = roundValue(field(decimals), value);
        expect(roundValue(field(decimals), once)).toBe(once);
      }),
    );
  });

  it("are empty when they are no number or no text", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, null, ""])
      expect(roundValue(field(2), value)).toBeNull();
    expect(Object.is(roundValue(field(1), -0.01), 0)).toBe(true);
  });

  it("are the same within half of the last decimal", () => {
    expect(sameValue(field(2), 0.12, 0.1200000001)).toBe(true);
    expect(sameValue(field(2), 0.12, 0.13)).toBe(false);
    expect(sameValue(field(2), 0, null)).toBe(false);
    expect(sameValue(field(2), undefined, null)).toBe(true);
    expect(sameValue(field(2), "loyal", "Loyal")).toBe(false);
  });
});

describe("idSet", () => {
  it("is exact for ids of every kind", () => {
    const id = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.maxSafeNat().map(String),
      fc.constantFrom(
        "",
        "007",
        "7",
        "-1",
        "1e3",
        "1000",
        "9007199254740993",
        "9007199254740992",
        "003A000001",
      ),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 3000 }), (ids) => {
        const set = idSet();
        const truth = new Set<string>();
        for (const one of ids) {
          expect(set.add(one)).toBe(!truth.has(one));
          truth.add(one);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("stays quick with ids in sequence and at a distance", () => {
    const set = idSet();
    for (let id = 0; id < 100_000; id++) expect(set.add(String(id * 2 ** 20 + 501))).toBe(true);
    expect(set.add(String(501))).toBe(false);
  });
});
