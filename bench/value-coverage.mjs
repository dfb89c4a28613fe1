import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// How often 80 % intervals hold the truth, over many made-up shops whose parameters are known; promised 78 to 82 %.
// Customers of one shop err together, so it is shops that count: 400 of them tell a share to about two points.
const { values: options } = parseArgs({
  options: {
    shops: { type: "string", default: "400" },
    customers: { type: "string", default: "3000" },
    models: { type: "string", default: "bg-nbd,mbg-nbd,pareto-nbd,bg-bb" },
  },
});
const modules = fileURLToPath(new URL("results/value-coverage", import.meta.url));
mkdirSync(modules, { recursive: true });
await bundle({
  entry: ["index", "value/coverage.fixture"].map((file) => `packages/learn/src/${file}.ts`),
  outDir: modules,
});
const load = (file) => import(pathToFileURL(`${modules}/${file}.js`).href);
const { bgBb, bgNbd, mbgNbd, paretoNbd } = await load("index");
const { coverage } = await load("value/coverage.fixture");

const shops = {
  "bg-nbd": [bgNbd, { r: 0.6, alpha: 6, a: 0.9, b: 3 }],
  "mbg-nbd": [mbgNbd, { r: 0.8, alpha: 6, a: 0.7, b: 3 }],
  "pareto-nbd": [paretoNbd, { r: 0.6, alpha: 8, s: 0.7, beta: 15 }],
  "bg-bb": [bgBb, { alpha: 1.2, beta: 0.8, gamma: 0.5, delta: 4 }, { age: 8, horizon: 6 }],
};
const percent = (share) => `${(100 * share).toFixed(1)} %`;
console.log(`${options.shops} shops of ${options.customers} customers; 80 % intervals hold`);
for (const model of options.models.split(",")) {
  const [make, parameters, { age, horizon } = { age: 40, horizon: 30 }] = shops[model];
  const { orders, alive, value } = await coverage(
    make(),
    { model, ...parameters },
    { age, horizon, customers: Number(options.customers), shops: Number(options.shops) },
  );
  console.log(
    `${model.padEnd(12)}expected orders ${percent(orders)}, probability alive ${percent(alive)}, expected value ${percent(value)}`,
  );
}
