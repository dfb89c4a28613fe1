import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace, segments } from "@inchworm/core";
import {
  hubspotProperties,
  hubspotSandbox,
  madeUpShop,
  shopProperties,
  writeShop,
} from "@inchworm/sandbox";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { run } from "../program.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-run-"));
const store = join(folder, "shop.duckdb");
let portal: Awaited<ReturnType<typeof hubspotSandbox>>;
let said = "";

beforeAll(async () => {
  const shop = madeUpShop({ contacts: 500, seed: 3 });
  const files = await writeShop(shop, join(folder, "files"));
  portal = await hubspotSandbox({ properties: shopProperties });
  for (const batch of shop.contacts()) portal.addContacts(batch.map(hubspotProperties));
  const workspace = await openWorkspace(store);
  await workspace.import("items", files.items);
  await workspace.import("orders", files.orders);
  await workspace.train([segments()]);
  await workspace.close();
  vi.stubEnv("HUBSPOT_TOKEN", portal.token);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  process.exitCode = undefined;
  said = "";
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await portal.close();
  rmSync(folder, { recursive: true, force: true });
});

const common = ["--store", store];
const atSandbox = () => ["--hubspot-url", portal.url, "--customer-property", "customer_id"];
const inFolder = (name: string) => join(folder, name);

it("goes the whole way, tells its log and its figures, and has nothing to do the second time", async () => {
  const [log, metrics] = [inFolder("logs/run.log"), inFolder("run.prom")];
  const watched = ["--log", log, "--metrics", metrics];
  expect(await run(["run", ...common, ...atSandbox(), ...watched, "--json"])).toBe(0);
  const first = JSON.parse(said);
  expect(first.pushes).toMatchObject([
    { destination: "hubspot:scores", push: { failed: 0, unknown: 0 } },
  ]);
  expect(first.pushes[0].push.updated).toBeGreaterThan(200);
  const lines = readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ msg }) => msg)).toEqual(
    expect.arrayContaining(["run", "pulled", "scored", "pushed", "end"]),
  );
  const text = readFileSync(log, "utf8") + readFileSync(metrics, "utf8");
  expect(text).not.toMatch(/@example|%40|pat-na1/);
  expect(readFileSync(metrics, "utf8")).toMatch(
    /^inchworm_pushed_rows\{destination="hubspot:scores",outcome="updated"\} [2-9]\d\d$/m,
  );
  expect(readFileSync(metrics, "utf8")).toMatch(/^inchworm_run_failed 0$/m);
  expect(existsSync(`${metrics}.part`)).toBe(false);

  said = "";
  expect(await run(["push", ...common, ...atSandbox(), "--lists", "--json"])).toBe(0);
  expect(JSON.parse(said)).toMatchObject({ push: { resumed: true }, lists: { present: [] } });
  expect(JSON.parse(said).lists.created.length).toBeGreaterThan(5);

  said = "";
  expect(await run(["run", ...common, ...atSandbox(), "--json"])).toBe(0);
  expect(JSON.parse(said).pushes).toMatchObject([{ push: { updated: 0, cleared: 0, failed: 0 } }]);
});

it("goes on with the others when one account cannot be read, and does not write to that one", async () => {
  const config = inFolder("two.mjs");
  writeFileSync(
    config,
    `const failure = Object.assign(new Error("down: no answer for ada@example.com."), {
      code: "network", hint: "Later.", [Symbol.for("inchworm.error")]: true });
    const adapter = (system, broken) => {
      const account = { system, lanes: { all: { requests: 100, perMs: 1000, concurrency: 2 } } };
      return {
        account,
        check: async () => [{ name: system, ok: !broken, message: "looked" }],
        people: { name: system + ":people", account, async *read() { if (broken) throw failure;
          yield { records: { contact: [{ id: "1" }] }, cursor: {} }; } },
        scores: { name: system + ":scores", account, batchSize: 10, lane: "all",
          prepare: async () => ({ missing: [], present: [] }),
          resolve: async (emails) => { globalThis.asked = [...(globalThis.asked ?? []), system]; return emails.map(() => undefined); },
          write: async (rows) => rows.map(({ recordId }) => ({ recordId, outcome: "updated" })),
          read: async (ids) => ids.map(() => undefined) },
      };
    };
    export default { accounts: [adapter("down", true), adapter("up", false)] };`,
  );
  const log = inFolder("two.log");
  const watched = ["--log", log, "--metrics", inFolder("two.prom")];
  expect(await run(["run", ...common, "--config", config, ...watched, "--json"])).toBe(5);
  const result = JSON.parse(said);
  expect(result.failed).toMatchObject([{ account: "down", code: "network" }]);
  expect(result.pushes.map(({ destination }: { destination: string }) => destination)).toEqual([
    "up:scores",
  ]);
  expect(readFileSync(inFolder("two.prom"), "utf8")).toMatch(/^inchworm_run_failed 1$/m);
  expect(readFileSync(log, "utf8")).toMatch(/\[address\]/);
  expect(readFileSync(log, "utf8")).not.toContain("@example");

  said = "";
  process.exitCode = undefined;
  expect(await run(["plan", ...common, "--config", config, "--json"])).toBe(0);
  expect(JSON.parse(said).plans).toHaveLength(2);
  said = "";
  expect(await run(["retry", ...common, "--config", config, "--list", "--json"])).toBe(0);
  expect(JSON.parse(said)).toEqual({ deadLetters: [] });
  said = "";
  expect(await run(["plan", ...common, "--config", config, "--account", "other", "--json"])).toBe(
    2,
  );
  expect(JSON.parse(said).error.hint).toBe("There are down, up.");
  said = "";
  expect(await run(["doctor", ...common, "--config", config, "--json"])).toBe(2);
  expect(JSON.parse(said).items.filter(({ ok }: { ok: boolean }) => !ok)).toHaveLength(1);
});
