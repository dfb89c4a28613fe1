import { expect, it } from "vitest";
import { similarTexts } from "./similar-texts.js";

it("finds the text that says most nearly the same, in any language", () => {
  const texts = ["Where is my parcel?", "I want my money back", "荷物はどこですか", "أين طردي", ""];
  const { nearest } = similarTexts(texts);
  expect(nearest("where's my parcels")[0].text).toBe(0);
  expect(nearest("money back please")[0].text).toBe(1);
  expect(nearest("荷物はいつですか")[0].text).toBe(2);
  expect(nearest("I want my money back", { k: 9 })[0].similarity).toBeCloseTo(1, 6);
  expect(nearest("zzz qqq")).toEqual([]);
  expect(nearest("")).toEqual([]);
  expect(similarTexts([]).nearest("x")).toEqual([]);
});
