import { describe, expect, it } from "vitest";
import { fieldsOf, recordSplitter, sniffSeparator } from "./csv.js";

/** Every record with its line, fields separated by "|". */
function cut(text: string | readonly string[], separator = ","): Record<number, string> {
  const splitter = recordSplitter(separator, 1);
  for (const block of typeof text === "string" ? [text] : text) splitter.push(block);
  splitter.end();
  const { lines, blocks, faults } = splitter.drain();
  const found: Record<number, string> = {};
  for (const [index, block] of blocks.entries()) {
    for (const [at, record] of block.split("\x1e").entries()) {
      found[lines[index] + at] = record.replaceAll("\x1f", "|");
    }
  }
  for (const [line, fault] of faults) found[line] = `! ${fault}`;
  return found;
}

describe("recordSplitter", () => {
  it("reads quoted fields, doubled quotes, and text over several lines", () => {
    expect(cut('a,"b,c",d\n"say ""hi""",2,\n"one\ntwo","x"\nlast,,')).toEqual({
      1: "a|b,c|d",
      2: 'say "hi"|2|',
      3: "one\ntwo|x",
      5: "last||",
    });
  });

  it("leaves quotes inside an unquoted field alone, and blanks before a quoted one", () => {
    expect(cut('5" pipe,1\nx, "a,b" ,y')).toEqual({ 1: '5" pipe|1', 2: "x|a,b|y" });
  });

  it("loses no more than its own line to a stray quote", () => {
    expect(cut('1,a\n2,"b\n3,c\n4,"d",e\n5,f')).toEqual({
      1: "1|a",
      2: "! text after a closing quote",
      3: "3|c",
      4: "4|d|e",
      5: "5|f",
    });
    expect(cut('1,a\n2,"b\n3,c')).toEqual({
      1: "1|a",
      2: "! a quote that is not closed",
      3: "3|c",
    });
  });

  it("gives up on a quote that stays open for thousands of lines, and reads them", () => {
    const rows = Array.from({ length: 6000 }, (_, n) => `${n + 2},x`);
    const found = cut(`1,"a\n${rows.join("\n")}`);
    expect(found[1]).toMatch(/^! /);
    expect(Object.keys(found)).toHaveLength(6001);
    expect(found[6001]).toBe("6001|x");
  });

  it("goes on over the edges of blocks", () => {
    expect(cut(['1,"a', 'b",2\n3,c', "4,d"])).toEqual({ 1: "1|a\nb|2", 3: "3|c", 4: "4|d" });
  });

  it("does not let a file's own control characters pass for its marks", () => {
    expect(cut("a\x1fb,c\x1ed")).toEqual({ 1: "a b|c d" });
  });
});

describe("fieldsOf", () => {
  it("refuses what is no record", () => {
    expect(fieldsOf('"a"b,c', ",")).toBeUndefined();
    expect(fieldsOf('"a,b', ",")).toBeUndefined();
  });
});

describe("sniffSeparator", () => {
  it.each([
    [",", "a,b,c\n1,2,3"],
    [";", "a;b\n1,5;2,5\n3,5;4"],
    ["\t", "a\tb c, d\n1\t2"],
    ["|", "a|b|c\n1|2|3"],
    [",", 'name,note\nx,"a;b;c;d"\ny,"e;f;g"'],
    [",", "only\n1\n2"],
  ])("finds %j", (separator, text) => {
    expect(sniffSeparator(text)).toBe(separator);
  });
});
