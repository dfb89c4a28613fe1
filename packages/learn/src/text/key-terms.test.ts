import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { keyTerms } from "./key-terms.js";

describe("keyTerms", () => {
  it("gives the numbers of a case that can be worked out by hand", () => {
    // ours: "sale" 3 times; theirs: "sale" once, "hello" 4 times; the prior is as heavy as all of it
    const texts = ["sale", "sale", "sale", "sale", "hello", "hello", "hello", "hello"];
    const groups = ["a", "a", "a", "b", "b", "b", "b", "b"];
    const [a] = keyTerms(texts, groups, { prior: 8, least: 1 });
    const [sale] = a.terms;
    // 3 + 4 of 11 against 1 + 4 of 13
    expect(sale.logOdds).toBeCloseTo(Math.log(7 / 4) - Math.log(5 / 8), 12);
    expect(sale.z).toBeCloseTo(sale.logOdds / Math.sqrt(1 / 7 + 1 / 5), 12);
    expect(sale).toMatchObject({ term: "sale", count: 3, total: 4 });
  });

  it("finds what groups talk of, in any language, and what they ask, not what all say", () => {
    const draws = random(1);
    const own = {
      gardeners: ["roses need water. when do i prune them?", "春のバラ", "prune early"],
      cooks: ["pans are hot. which pan for eggs?", "鍋と卵", "hot pans"],
    };
    const texts: string[] = [];
    const groups: (string | undefined)[] = [];
    for (let row = 0; row < 300; row++) {
      const group = draws.uniform() < 0.5 ? "gardeners" : "cooks";
      texts.push(`the order is here ${draws.uniform() < 0.4 ? own[group][draws.below(3)] : ""}`);
      groups.push(row % 50 === 0 ? undefined : group);
    }
    const [cooks, gardeners] = keyTerms(texts, groups);
    expect([cooks.group, gardeners.group]).toEqual(["cooks", "gardeners"]);
    const terms = gardeners.terms.map(({ term }) => term);
    expect(terms).toContain("prune");
    expect(terms.slice(0, 12)).not.toContain("order");
    expect(cooks.questions.map(({ term }) => term)).toContain("which pan");
    expect(cooks.questions.map(({ term }) => term)).not.toContain("hot");
    const clear = [...cooks.terms, ...gardeners.terms].filter(({ low }) => low > 0);
    expect(clear.some(({ term }) => term.includes("order"))).toBe(false);
    expect(clear.length).toBeGreaterThan(5);
  });

  it("refuses one group alone", () => {
    expect(() => keyTerms(["a", "b"], ["x", undefined])).toThrow("two groups at least, got 1");
    expect(() => keyTerms(["a"], [])).toThrow("1 texts and 0 groups");
    expect(keyTerms(["", ""], ["x", "y"]).map(({ terms }) => terms)).toEqual([[], []]);
  });
});
