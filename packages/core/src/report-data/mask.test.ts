import { expect, it } from "vitest";
import { maskEmail, masked } from "./mask.js";

it.each([
  ["ada@example.com", "a•••@•••.com"],
  ["😀x@münchen.example.de", "😀•••@•••.de"],
  ["@", "•••@•••"],
  ["a@b@example.com", "a•••@•••.com"],
])("%s can no longer be read", (email, told) => {
  expect(maskEmail(email)).toBe(told);
});

it("leaves what is no address", () => {
  expect(masked("C000123")).toBe("C000123");
});
