// Finds what npm can lose from a lock without a word: optional packages that are named but not there, and recorded addresses.
import { readFileSync } from "node:fs";

const { packages } = JSON.parse(
  readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"),
);
const held = new Set(
  Object.keys(packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + 13)),
);
const problems = [];
for (const [path, entry] of Object.entries(packages)) {
  for (const name of Object.keys(entry.optionalDependencies ?? {}))
    if (!held.has(name))
      problems.push(`${path || "the root"} wants ${name}, which the lock does not hold`);
  if (entry.resolved && !entry.link) problems.push(`${path} records an address`);
}
for (const problem of problems) console.error(problem);
console.log(`${Object.keys(packages).length} entries, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
