import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

// npm run bench -- <name> [arguments]: runs bench/<name>.mjs; without a name, lists what there is.
const folder = new URL(".", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".mjs") && file !== "run.mjs" && file !== "check-lock.mjs")
  .map((file) => file.slice(0, -".mjs".length));
const [name, ...rest] = process.argv.slice(2);

if (name !== undefined && names.includes(name)) {
  const file = new URL(`${name}.mjs`, folder).pathname;
  const { status } = spawnSync(process.execPath, [file, ...rest], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} else {
  if (name !== undefined) console.error(`There is no benchmark "${name}".`);
  console.log(`npm run bench -- <name>\n\n${names.map((one) => `  ${one}`).join("\n")}`);
  process.exitCode = name === undefined ? 0 : 2;
}
