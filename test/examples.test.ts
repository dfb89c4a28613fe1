import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = new URL("../examples", import.meta.url).pathname;
const jiti = join(
  dirname(createRequire(import.meta.url).resolve("jiti/package.json")),
  "lib/jiti-cli.mjs",
);

// run as a reader would, on the built packages
describe.each(readdirSync(folder).filter((name) => name.endsWith(".ts")))("examples/%s", (name) => {
  it("runs, says something, and is short", () => {
    const out = execFileSync(process.execPath, [jiti, join(folder, name)], { encoding: "utf8" });
    expect(out.trim()).not.toBe("");
    expect(readFileSync(join(folder, name), "utf8").split("\n").length).toBeLessThanOrEqual(41);
  });
});
