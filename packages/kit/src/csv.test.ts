import { describe, expect, it } from "vitest";
import { csvRows, csvText } from "./index.js";

describe("csvRows and csvText", () => {
  it("give back what was written, whatever stands in the cells", () => {
    const rows = [
      ["Id", "Reason", "Empty"],
      ["1", 'Grüße, "日本"\r\n\n;|^`\t🐛', ""],
      ["", "", ""],
      [" 2 ", '"', "last"],
    ];
    expect([...csvRows(rows.map(csvText).join(""))]).toEqual(rows);
  });

  it("reads what others write", () => {
    expect([...csvRows('\uFEFF"Id","A"\r\n"1","x"\r\n')]).toEqual([
      ["Id", "A"],
      ["1", "x"],
    ]);
    expect([...csvRows("a,b\n1,\n,2")]).toEqual([
      ["a", "b"],
      ["1", ""],
      ["", "2"],
    ]);
    expect([...csvRows("a,")]).toEqual([["a", ""]]);
    expect([...csvRows('a\n"cut off, here')]).toEqual([["a"], ["cut off, here"]]);
    expect([...csvRows("")]).toEqual([]);
    expect([...csvRows("\n")]).toEqual([[""]]);
  });

  it("takes time in proportion to the text", () => {
    const line = csvText(["003000000000001AAA", "why, so", "0.25"]);
    const text = line.repeat(50_000);
    const begun = process.cpuUsage();
    let count = 0;
    for (const row of csvRows(text)) count += row.length;
    expect(count).toBe(150_000);
    expect(process.cpuUsage(begun).user / 1e6).toBeLessThan(5);
  });
});
