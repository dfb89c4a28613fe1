import { pathToFileURL } from "node:url";
import { readCustomers } from "./data.mjs";

// One measurement of our own, as JSON: ours.mjs <modules> <model> <data file>
const [modules, name, file] = process.argv.slice(2);
const learn = await import(pathToFileURL(`${modules}/index.js`).href);
const makers = {
  "bg-nbd": learn.bgNbd,
  "mbg-nbd": learn.mbgNbd,
  "pareto-nbd": learn.paretoNbd,
  "gamma-gamma": learn.gammaGamma,
};

async function measured(work) {
  const before = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return [result, seconds, (user + system) / 1e6];
}

const customers = readCustomers(file);
const spend = name === "gamma-gamma";
const [model, fit, fitCpu] = await measured(() => makers[name]().fit(customers));
const [total, score, scoreCpu] = await measured(() => {
  const expected = spend ? model.expectedSpend(customers) : model.expectedOrders(customers, 39);
  if (!spend) model.probabilityAlive(customers);
  return expected.reduce((sum, value) => sum + value, 0);
});
const megabytes = process.resourceUsage().maxRSS / 1024;
const { parameters, logLikelihood } = model;
console.log(
  JSON.stringify({ fit, fitCpu, score, scoreCpu, megabytes, parameters, logLikelihood, total }),
);
