import { expect, it } from "vitest";
import { random } from "../random.js";
import { remember } from "./remember.js";

it("remembers answers, and never takes one pair's for another's", () => {
  const { uniform, below } = random(4);
  const pairs = Array.from({ length: 100_000 }, (_, row) =>
    row % 2 === 0 ? [below(9), below(700) / 7] : [below(1e6), uniform()],
  );
  let asked = 0;
  const known = remember((x, age) => {
    asked++;
    return 1000 * x - age;
  }, pairs.length);
  for (const [x, age] of pairs) expect(known(x, age)).toBe(1000 * x - age);
  expect(asked).toBeLessThan(85_000);
  expect(remember((x, age) => x / age, 10)(0, 0)).toBeNaN();
});
