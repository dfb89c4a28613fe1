// Builds the packages by turbo, and says nothing unless that fails: what runs next owns stdout.
import { spawnSync } from "node:child_process";

const turbo = new URL("../node_modules/turbo/bin/turbo", import.meta.url).pathname;
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [turbo, "run", "build", "--output-logs=errors-only"],
  {
    encoding: "utf8",
    env: { ...process.env, DO_NOT_TRACK: "1" },
  },
);
if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
process.exitCode = status ?? 1;
