import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace, segments } from "@inchworm/core";
import { madeUpShop, writeShop } from "@inchworm/sandbox";
import { InchwormError } from "@inchworm/spec";
import { accountGate } from "@inchworm/sync";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { run } from "../packages/cli/src/program.js";
import { type Platform, platforms } from "./support/platforms.js";

let folder: string;
let store: string;
let config: string;
const open: Platform[] = [];
const emails: string[] = [];
let said = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  store = join(folder, "shop.duckdb");
  config = join(folder, "inchworm.config.mjs");
  const shop = madeUpShop({ contacts: 500, seed: 3 });
  const files = await writeShop(shop, join(folder, "files"));
  for (const batch of shop.contacts())
    for (const { email } of batch) if (email !== undefined) emails.push(email.toLowerCase());
  const workspace = await openWorkspace(store);
  await workspace.import("contacts", files.contacts);
  await workspace.import("orders", files.orders);
  await workspace.train([segments()]);
  await workspace.close();
  for (const [place, start] of Object.values(platforms).entries())
    open.push(await start({ seed: place + 1, emails: [...new Set(emails)] }));
  Object.assign(globalThis, { accountsUnderTest: open.map(({ adapter }) => adapter) });
  await writeFile(config, "export default { accounts: globalThis.accountsUnderTest };");
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += text;
      return true;
    });
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(async () => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, "accountsUnderTest");
  for (const platform of open) await platform.close();
  await rm(folder, { recursive: true, force: true });
});

/** What stands in a text and may not: tokens and keys, addresses, phone numbers. */
function found(text: string): string[] {
  const lower = text.toLowerCase();
  const secrets = open.flatMap((platform) => platform.secrets).map((one) => one.toLowerCase());
  return [
    ...secrets.filter((secret) => lower.includes(secret)).map(() => "a secret"),
    ...(lower.match(/[\w.+-]+(?:@|%40)example\.(?:com|org|net)/g) ?? []),
    ...(lower.match(/\+1555\d+/g) ?? []),
  ];
}

it("the scan finds what it looks for", () => {
  expect(emails.length).toBeGreaterThan(300);
  for (const { secrets } of open)
    for (const secret of secrets) expect(found(`"${secret}"`)).toContain("a secret");
  expect(found(`a ${emails[0]} b`)).toEqual([emails[0]]);
  expect(found(emails[1].replace("@", "%40"))).toHaveLength(1);
  expect(found("call +15550000001")).toEqual(["+15550000001"]);
});

it("no secret, address or phone number stands in anything that runs say, log or keep, whatever fails", {
  timeout: 120_000,
}, async () => {
  const log = join(folder, "run.log");
  const metrics = join(folder, "run.prom");
  const common = ["--store", store, "--config", config];
  const everything = async (...command: string[]) => run([...command, ...common, "--json"]);
  const watched = ["--log", log, "--metrics", metrics];
  expect(await everything("run", ...watched)).toBe(0);
  expect(open.map((platform) => platform.written().size > 100)).toEqual(open.map(() => true));

  // failures of every kind
  for (const platform of open)
    platform.setFaults({ rateLimit: 0.1, serverError: 0.1, dropped: 0.05, cut: 0.05 });
  await everything("run", ...watched);
  for (const platform of open) platform.setFaults({});
  for (const command of ["pull", "plan", "push", "retry", "doctor"]) await everything(command);
  for (const platform of open) platform.revoke();
  expect(await everything("run", ...watched)).not.toBe(0);
  for (const command of ["pull", "plan", "doctor"]) await everything(command);

  const lines = await readFile(log, "utf8");
  expect(lines).toMatch(/"retry"/);
  expect(lines).toMatch(/"auth"|not accepted/);
  expect(said.length).toBeGreaterThan(1_000);
  const files = (await readdir(folder)).filter((name) => name.startsWith("run."));
  expect(files.sort()).toEqual(["run.log", "run.prom"]);
  expect(found(said)).toEqual([]);
  expect(found(lines)).toEqual([]);
  expect(found(await readFile(metrics, "utf8"))).toEqual([]);

  const workspace = await openWorkspace(store);
  const { store: kept } = workspace;
  const models = await kept.models();
  expect(models.length).toBeGreaterThan(0);
  // what was learned, and what it was learned from, in words and numbers
  expect(found(JSON.stringify(models))).toEqual([]);
  for (const { scores } of open)
    expect(found(JSON.stringify((await kept.latestPlan(scores.name))?.plan))).toEqual([]);
  await workspace.close();
});

it("no error of an adapter says any, whichever call fails", async () => {
  const thrown: string[] = [];
  for (const { adapter, people, scores, account, ids } of open) {
    const gate = accountGate(account, { attempts: 1 });
    const calls: readonly (() => Promise<unknown>)[] = [
      () => adapter.check({ gate }),
      () => people[0].read({ gate, now: Date.now() })[Symbol.asyncIterator]().next(),
      () => scores.prepare([], { gate }),
      () => scores.resolve([emails[0], `${emails[1]} `, "+15550000001"], { gate }),
      () => scores.read([ids[0], emails[0], "+15550000001"], [], { gate }),
      () => scores.write([{ recordId: emails[0], values: { churn_band: emails[1] } }], { gate }),
    ];
    for (const call of calls) {
      const error = await Promise.resolve()
        .then(call)
        .catch((reason: unknown) => reason);
      if (!(error instanceof Error)) {
        // what was answered without a failure: a check's findings, outcomes
        thrown.push(JSON.stringify(error) ?? "");
        continue;
      }
      expect(InchwormError.is(error), error.message).toBe(true);
      const { message, stack, cause } = error;
      const { hint } = error as InchwormError;
      thrown.push(`${message} ${hint} ${stack} ${String((cause as Error)?.stack ?? cause)}`);
    }
  }
  expect(thrown).toHaveLength(6 * open.length);
  const outcomes = thrown.map((text) => text.replaceAll(/"recordId":"[^"]*"/g, ""));
  expect(found(outcomes.join("\n"))).toEqual([]);
});
