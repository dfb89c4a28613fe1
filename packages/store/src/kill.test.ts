import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { perPage, source } from "./__fixtures__/pages.js";
import { openDatabase } from "./database.js";
import { openStore } from "./store.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-kill-"));
// among the modules, so that the writer finds the engine
const cache = fileURLToPath(
  new URL("../../../node_modules/.cache/inchworm-test/", import.meta.url),
);
const writer = join(cache, `writer-${process.pid}.mjs`);
const kills = 8;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL("__fixtures__/writer.ts", import.meta.url))],
    outfile: writer,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@inchworm/source"],
    external: ["@duckdb/*"],
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(writer, { force: true });
});

/** Starts a writer; `said` fills with what it acknowledges. */
async function start(
  ...args: string[]
): Promise<{ child: ChildProcessWithoutNullStreams; said: string[] }> {
  const child = spawn(process.execPath, [writer, ...args]);
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  lines.on("line", (line) => said.push(line));
  return { child, said };
}

/** Kills a writer in the middle of its work, some milliseconds after it has begun, and gives what it had acknowledged. */
async function killed(after: number, ...args: string[]): Promise<string[]> {
  const { child, said } = await start(...args);
  await new Promise((done) => setTimeout(done, after));
  child.kill("SIGKILL");
  await once(child, "close");
  return said;
}

/** Moments that no machine is in step with. */
const moments = Array.from({ length: kills }, (_, n) => 40 + ((n * 7919) % 331));

describe("a writer that is killed", () => {
  it("loses no page that it acknowledged, and leaves no half of one", async () => {
    const path = join(folder, "ingest.duckdb");
    let acknowledged = -1;
    let all = 0;
    for (const moment of moments) {
      const said = await killed(moment, path, "ingest");
      all += said.length;
      acknowledged = Math.max(acknowledged, ...said.map(Number));
      const store = await openStore(path);
      const { page } = (await store.cursor(source.name)) ?? { page: -1 };
      expect(page).toBeGreaterThanOrEqual(acknowledged);
      expect(page).toBeLessThanOrEqual(acknowledged + 1);
      const rows = (Number(page) + 1) * perPage;
      expect(await store.summary()).toMatchObject({
        contacts: rows,
        orders: rows,
        rows: { orderLine: rows },
      });
      await store.close();
      const database = await openDatabase(path);
      expect(
        await database.rows(
          "select count(distinct order_id) as orders, sum(total) as money from orders",
        ),
      ).toEqual([{ orders: rows, money: rows === 0 ? null : rows * 2 }]);
      await database.close();
      acknowledged = Number(page);
    }
    expect(all).toBeGreaterThan(kills);
  });

  it("keeps a file whole or not at all", async () => {
    const path = join(folder, "import.duckdb");
    const perFile = 3000;
    for (let file = 0; file < 8; file++) {
      const rows = Array.from(
        { length: perFile },
        (_, row) => `${file}-${row},${row % 500},2024-01-01,2`,
      );
      writeFileSync(join(folder, `${file}.csv`), `order,customer,date,total\n${rows.join("\n")}\n`);
    }
    const whole = new Set<string>();
    for (const moment of moments) {
      for (const line of await killed(moment, path, "import", folder))
        whole.add(line.split(" ")[0]);
      const database = await openDatabase(path);
      const files = await database.rows<{ file: string; rows: number }>(
        "select split_part(order_id, '-', 1) as file, count(*) as rows from orders group by file",
      );
      for (const { rows } of files) expect(rows).toBe(perFile);
      const found = files.map(({ file }) => file);
      for (const file of whole) expect(found).toContain(file);
      for (const file of found) whole.add(file);
      const [{ imports }] = await database.rows<{ imports: number }>(
        "select count(distinct file) as imports from imports",
      );
      expect(imports).toBe(files.length);
      await database.close();
    }
    expect(whole.size).toBeGreaterThan(0);
  });
});

describe("a store that another process holds", () => {
  it("says which process, and opens once that has ended", async () => {
    const path = join(folder, "held.duckdb");
    const { child } = await start(path, "hold");
    await expect(openStore(path)).rejects.toMatchObject({
      code: "locked",
      message: `${path} is in use by process ${child.pid}.`,
      hint: expect.stringContaining("one process at a time"),
    });
    child.kill("SIGKILL");
    await once(child, "close");
    await (await openStore(path)).close();
  });
});
