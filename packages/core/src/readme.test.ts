import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "@inchworm/learn";
import { afterAll, expect, it } from "vitest";
import * as core from "./index.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Customers from 13000 on over half a year, of two tastes. */
function orders(): string {
  const { below, uniform } = random(1);
  const lines = ["order_id,customer_id,date,sku,quantity,price"];
  for (let customer = 0; customer < 200; customer++)
    for (let order = 0; order < 6; order++) {
      const date = new Date(Date.UTC(2025, 0, 1 + below(240))).toISOString().slice(0, 10);
      const taste = (uniform() < 0.9 ? customer : below(2)) % 2 === 0 ? "garden" : "book";
      for (let line = 0; line < 2; line++)
        lines.push(
          `${customer}-${order},${13_000 + customer},${date},${taste}-${below(12)},1,9.90`,
        );
    }
  return lines.join("\n");
}

/** Each block of the page as a program of its own, on files of its own. */
const programs = [
  ...readFileSync(new URL("../README.md", import.meta.url), "utf8").matchAll(
    /^```ts\n(.*?)^```$/gms,
  ),
].map(([, block]) =>
  block.replace(/import \{([^}]*)\} from "@inchworm\/core";/g, "const {$1} = core;"),
);

it.each(programs.map((program, at) => [at + 1, program] as const))(
  "shows an example that runs: block %i",
  async (at, program) => {
    const path = join(folder, `orders-${at}.csv`);
    writeFileSync(path, orders());
    const code = program
      .replace('"shop.duckdb"', JSON.stringify(join(folder, `shop-${at}.duckdb`)))
      .replace('"orders.csv"', JSON.stringify(path));
    const said: unknown[][] = [];
    const AsyncFunction = (async () => {}).constructor as new (
      ...parts: string[]
    ) => (library: typeof core, console: object) => Promise<void>;
    const console = { log: (...parts: unknown[]) => said.push(parts) };
    await new AsyncFunction("core", "console", code)(core, console);
    expect(said.length).toBeGreaterThan(1);
  },
  60_000,
);
