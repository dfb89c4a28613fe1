import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as learn from "./index.js";

/** The page's blocks as one program: imports become names of the package. */
function program(page: string): string {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block);
  return blocks
    .join("\n")
    .replace(/import \{([^}]*)\} from "@inchworm\/learn";/g, "const {$1} = learn;");
}

it("shows examples that run", async () => {
  const code = program(readFileSync(new URL("../README.md", import.meta.url), "utf8"));
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (library: typeof learn) => Promise<Record<string, unknown>>;
  const results = "{ probabilities, contributions, groups, lists, feeds }";
  const { probabilities, contributions, groups, lists, feeds } = await new AsyncFunction(
    "learn",
    `${code}\nreturn ${results};`,
  )(learn);
  expect(probabilities).toHaveLength(2000);
  expect(contributions).toHaveLength(4000);
  expect(groups).toHaveProperty("segments");
  expect(lists).toHaveProperty("items.length", 15);
  expect(Object.keys(feeds as object).sort()).toEqual(["banned", "history", "k"]);
});
