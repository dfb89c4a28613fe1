import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// What `drivers` promises, counted over many made-up accounts whose truth is known: on accounts in which nothing does anything, at most
// a share of `--fdr` has a driver that stands out, whatever their noise, tests and audiences; what only the audience does is graded
// correlational; and what was planted is found, its intervals holding the truth.
const { values: options } = parseArgs({
  options: {
    /** Accounts of each kind. */
    runs: { type: "string", default: "60" },
    fdr: { type: "string", default: "0.1" },
    only: { type: "string" },
  },
});
const runs = Number(options.runs);
const fdr = Number(options.fdr);
const modules = fileURLToPath(new URL("results/drivers", import.meta.url));
mkdirSync(modules, { recursive: true });
await bundle({
  entry: {
    drivers: "packages/learn/src/drivers/drivers.ts",
    fixture: "packages/learn/src/drivers/account.fixture.ts",
  },
  outDir: modules,
});
const load = (name) => import(pathToFileURL(`${modules}/${name}.js`).href);
const { drivers } = await load("drivers");
const { account, vocabulary } = await load("fixture");

const two = { vip: 0.7, rest: 0 };
const kinds = {
  "campaigns alone": {},
  "tests of three lines": { lines: 3 },
  "one audience each": { audiences: two },
  "red for the best audience": { audiences: { vip: 0.9, rest: 0 }, redForFirst: 0.9 },
  "every audience": { audiences: two, sent: "all" },
  "tests before every audience": { audiences: two, sent: "all", lines: 2 },
  "a tenth thrice as noisy": { wild: 0.1 },
  "the same with tests": { wild: 0.1, lines: 2 },
  "40 campaigns": { campaigns: 40 },
  "200 people a campaign": { shown: 200 },
  "300 people a test": { shown: 300, lines: 2 },
};
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const cpu = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
let accounts = 0;
let withFalse = 0;
console.log(
  `Accounts in which nothing does anything, ${runs} of each, drivers at ${percent(fdr)}:`,
);
for (const [name, kind] of Object.entries(kinds)) {
  if (options.only && !name.includes(options.only)) continue;
  const began = cpu();
  const found = { false: 0, p: [0, 0, 0], correlational: 0, redClear: 0 };
  for (let seed = 1; seed <= runs; seed++) {
    const report = await drivers({ fdr }).fit(account({ seed, ...kind }));
    found.false += Number(report.drivers.some(({ clear }) => clear));
    found.p[0] += report.drivers.length;
    found.p[1] += report.drivers.filter(({ p }) => p < 0.05).length;
    found.p[2] += report.drivers.filter(({ p }) => p < 0.005).length;
    const red = report.drivers.find(({ level, segment }) => level === "red" && !segment);
    found.correlational += Number(red?.grade === "correlational");
    found.redClear += Number(red?.clear ?? false);
  }
  accounts += runs;
  withFalse += found.false;
  const audience = kind.redForFirst
    ? `; red correlational in ${found.correlational}, standing out in ${found.redClear}`
    : "";
  console.log(
    `  ${name.padEnd(28)} false drivers in ${found.false} of ${runs}; p < .05 ${percent(found.p[1] / found.p[0])}, p < .005 ${percent(found.p[2] / found.p[0])} of ${found.p[0]}${audience}; ${((cpu() - began) / runs).toFixed(2)} s`,
  );
}
console.log(`  all: ${withFalse} of ${accounts}, ${percent(withFalse / accounts)}`);

const [good, bad] = [vocabulary[3], vocabulary[8]];
const effects = { [good]: 0.25, [bad]: -0.2, 9: 0.25, 21: -0.25, red: 0.2, grey: -0.2 };
const planted = { term: [good, bad], hour: ["9", "21"], color: ["red", "grey"] };
const logOdds = (rate) => Math.log(rate / (1 - rate));
console.log("Planted: found with the right sign, intervals that hold the truth, false words:");
for (const [name, kind] of Object.entries({
  "200 campaigns of three lines": { campaigns: 200, lines: 3, shown: 6000 },
  "300 campaigns, two audiences": { campaigns: 300, audiences: two },
  "300 campaigns, a tenth noisy": { campaigns: 300, wild: 0.1 },
})) {
  if (options.only && !name.includes(options.only)) continue;
  const met = { found: 0, of: 0, holds: 0, words: 0, heldWords: 0, false: 0, clearWords: 0 };
  for (let seed = 1; seed <= runs / 2; seed++) {
    const report = await drivers({ fdr }).fit(account({ seed, effects, ...kind }));
    for (const one of report.drivers) {
      if (one.segment !== undefined) continue;
      const holds = (truth) =>
        logOdds(report.rate * (1 + one.relativeLow)) - logOdds(report.rate) <= truth &&
        logOdds(report.rate * (1 + one.relativeHigh)) - logOdds(report.rate) >= truth;
      if (planted[one.factor]?.includes(one.level)) {
        // against the mean of the others, which are sent equally often
        const truth = effects[one.level] - othersMean(one.factor, one.level);
        met.of++;
        met.found += Number(one.clear && one.effect * truth > 0);
        met.holds += Number(holds(truth));
      } else if (one.factor === "term") {
        met.words++;
        met.heldWords += Number(holds(0));
        met.false += Number(one.clear);
      }
      met.clearWords += Number(one.factor === "term" && one.clear);
    }
  }
  console.log(
    `  ${name.padEnd(30)} ${met.found} of ${met.of}; ${percent(met.holds / met.of)} of planted, ${percent(met.heldWords / met.words)} of other words; ${met.false} of ${met.clearWords} words that stand out`,
  );
}

function othersMean(factor, level) {
  if (factor === "term") return 0;
  const levels = {
    hour: ["7", "9", "12", "15", "18", "21"],
    color: ["red", "blue", "green", "grey"],
  };
  const others = levels[factor].filter((one) => one !== level);
  return others.reduce((sum, one) => sum + (effects[one] ?? 0), 0) / others.length;
}
