import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("ships the bytes that its sources compile to", async () => {
  const script = fileURLToPath(new URL("../../assembly/build.mjs", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, "--check"]);
  expect(stdout + stderr).toBe("");
});
