import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// What `variantTest` loses against always sending the best variant, beside an even split of the same batches with the same rule for
// stopping, and beside an even split of the whole list; and which place the variant that goes to the rest truly has.
const { values: options } = parseArgs({ options: { runs: { type: "string", default: "300" } } });
const runs = Number(options.runs);
const modules = fileURLToPath(new URL("results/variants", import.meta.url));
mkdirSync(modules, { recursive: true });
await bundle({
  entry: { simulate: "packages/learn/src/variants/simulate.fixture.ts" },
  outDir: modules,
});
const { simulate } = await import(pathToFileURL(`${modules}/simulate.js`).href);

const settings = {
  "5 variants, 4 % click, 40,000 people": {},
  "2 variants": { variants: 2 },
  "10 variants": { variants: 10 },
  "20 % open": { rate: 0.2, spread: 0.15 },
  "10,000 people": { list: 10_000, batch: 1000 },
  "hours twice as different": { hours: 0.5 },
};
for (const [name, setting] of Object.entries(settings)) {
  const sums = { thompson: 0, fixed: 0, never: 0 };
  const ranks = [];
  for (let seed = 1; seed <= runs; seed++) {
    const thompson = simulate({ seed, mode: "thompson", ...setting });
    sums.thompson += thompson.regret;
    sums.fixed += simulate({ seed, mode: "fixed", ...setting }).regret;
    sums.never += simulate({ seed, mode: "fixed", handOver: false, ...setting }).regret;
    ranks.push(thompson.rank);
  }
  const share = (part) => `${((100 * part) / runs).toFixed(0)} %`;
  const first = ranks.filter((rank) => rank === 1).length;
  const second = ranks.filter((rank) => rank === 2).length;
  console.log(
    `${name.padEnd(38)} lost clicks ${(sums.thompson / runs).toFixed(1)}; even split until the same stop ${(sums.fixed / runs).toFixed(1)} (${((100 * sums.thompson) / sums.fixed).toFixed(0)} %), of the whole list ${(sums.never / runs).toFixed(1)} (${((100 * sums.thompson) / sums.never).toFixed(0)} %); winner truly first ${share(first)}, second ${share(second)}`,
  );
}
