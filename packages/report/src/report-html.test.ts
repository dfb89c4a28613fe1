import type { ReportData } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { madeUpData } from "./__fixtures__/made-up-data.js";
import { csvFiles, unbalanced } from "./__fixtures__/tables.js";
import { wilson } from "./charts/calibration.js";
import { csv } from "./csv.js";
import { format } from "./format.js";
import { reportHtml } from "./report-html.js";

const hostile = `<script>alert("1")</script>'"&</style><img src=x onerror=alert(1)>`;

describe("a page", () => {
  it("has every part that there is data for, and is well formed", () => {
    const page = reportHtml(madeUpData());
    expect(unbalanced(page)).toBeUndefined();
    for (const id of [
      "front",
      "scorer-churn",
      "segments",
      "timing",
      "recommendations",
      "proof",
      "contact",
    ])
      expect(page).toContain(`<section id="${id}"`);
    expect(page).toContain("It could still show an increase of 2.00% in those who order.");
    expect(csvFiles(page).get("effects")?.[1]).toEqual([
      "last spring",
      "2025-11-02",
      "0.02",
      "0.005",
      "0.035",
    ]);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/(?:href="#|aria-labelledby="|aria-describedby=")([^" ]+)/g))
      expect(ids).toContain(id);
  });

  it("asks for nothing from elsewhere, and its policy would not allow it", () => {
    const page = reportHtml(madeUpData());
    expect(page).not.toMatch(/(?:src|href|url\()\s*=?\s*["']?(?:https?:)?\/\//);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("keeps hostile names as text, wherever they come from", () => {
    const page = reportHtml(madeUpData(hostile), { title: hostile });
    expect(unbalanced(page)).toBeUndefined();
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<\/style/g)).toHaveLength(1);
    expect(page).not.toContain("<img");
    expect(page.split("&lt;script&gt;").length).toBeGreaterThan(12);
    expect(csvFiles(page).get("pairs")?.[1]?.[0]).toBe(hostile);
  });

  it("shows no picture without numbers", () => {
    const whole = madeUpData();
    const { proof: _proof, contact: _contact, ...known } = whole;
    const empty: ReportData = {
      ...known,
      scorers: whole.scorers.map(({ spread: _, move: __, drift: ___, ...scorer }) => ({
        ...scorer,
        scored: 0,
        card: { ...scorer.card, calibration: [], drivers: [] },
      })),
      groups: [],
      ranks: [],
      hours: [],
      deliveries: [],
      pairs: [],
    };
    const page = reportHtml(empty);
    expect(unbalanced(page)).toBeUndefined();
    expect(page).not.toContain("<figure");
    expect(page).toContain("Nothing was pushed anywhere yet.");
    expect(page).toContain("There are no earlier scores to compare with yet.");
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("writes numbers as the locale does", () => {
    const data = madeUpData();
    expect(reportHtml(data)).toContain("<strong>12,345</strong>");
    expect(reportHtml(data, { locale: "de-DE" })).toContain("<strong>12.345</strong>");
    expect(() => reportHtml(data, { locale: "no such" })).toThrow(InchwormError);
  });
});

describe("the pieces", () => {
  it("CSV quotes what must be quoted, and starts no formula", () => {
    expect(
      csv({
        head: ["a", "b,c"],
        rows: [
          ['say "x"', 1.5],
          ["=1+1", Number.NaN],
          ["l\r\nl", -2],
        ],
      }),
    ).toBe('a,"b,c"\r\n"say ""x""",1.5\r\n\'=1+1,\r\n"l\r\nl",-2\r\n');
  });

  it("Wilson's interval: 8 of 10 lie between 0.490 and 0.943 (Newcombe 1998 has the like)", () => {
    const [low, high] = wilson(0.8, 10);
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
    expect(wilson(0, 0)).toEqual([0, 1]);
  });

  it("numbers that are none are a dash", () => {
    const { number, percent, count } = format("en-GB");
    expect([
      number(Number.NaN),
      percent(Number.NaN),
      count(1, "contact"),
      count(1234.4, "contact"),
    ]).toEqual(["–", "–", "1 contact", "1,234 contacts"]);
  });
});
