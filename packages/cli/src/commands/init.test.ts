import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { run } from "../program.js";

let folder: string;
let said = "";
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inchworm-init-"));
  process.chdir(folder);
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

it("writes a configuration without a secret, and never over one that stands", async () => {
  vi.stubEnv("HUBSPOT_TOKEN", "pat-secret");
  const asked = ["init", "--platform", "hubspot", "--opt-out-property", 'no "profiling"', "--json"];
  expect(await run(asked)).toBe(0);
  expect(JSON.parse(said)).toEqual({
    file: "inchworm.config.ts",
    platforms: ["hubspot"],
    secrets: ["HUBSPOT_TOKEN"],
    missing: [],
  });
  const text = readFileSync("inchworm.config.ts", "utf8");
  expect(text).toContain('import { hubspot } from "@inchworm/hubspot";');
  expect(text).toContain('profilingOptOutProperty: "no \\"profiling\\"",');
  expect(text).not.toContain("pat-secret");
  expect(text).not.toContain("customerIdProperty");
  said = "";
  expect(await run(asked)).toBe(2);
  expect(JSON.parse(said).error.hint).toContain("--force");
  expect(await run([...asked, "--force"])).toBe(0);
  vi.unstubAllEnvs();
});

it("names platforms there are, and does not wait for answers of nobody", async () => {
  expect(await run(["init", "--platform", "hotspot", "--json"])).toBe(2);
  expect(JSON.parse(said).error.hint).toContain("hubspot");
  said = "";
  expect(await run(["init", "--json"])).toBe(2);
  expect(JSON.parse(said).error.message).toBe("There is nobody to ask.");
});
