import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { run } from "../program.js";

let folder: string;
let written: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inchworm-label-"));
  written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
  return () => rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function inchworm(...line: string[]) {
  written = "";
  const code = await run([...line, "--store", join(folder, "shop.duckdb"), "--json"]);
  return { code, said: JSON.parse(written) };
}

it("takes labels of people who are here for scorers that there are, once", async () => {
  const orders = file(
    "orders.csv",
    "order,customer,date,total\n1,7,2025-01-01,10\n2,8,2025-01-02,5\n",
  );
  expect((await inchworm("import", "orders", orders)).code).toBe(0);
  const labels = file(
    "labels.csv",
    "person,scorer,label,day\n7,churn,no,2025-01-20\ncustomer:8,churn,yes,2025-01-20\n9,churn,yes,2025-01-20\n",
  );
  expect((await inchworm("label", "import", labels)).said).toMatchObject({
    added: 2,
    rejected: 1,
    reasons: { '"person" is nobody here': 1 },
  });
  expect((await inchworm("label", "import", labels)).said).toMatchObject({
    added: 0,
    unchanged: 2,
  });
  const typo = file("typo.csv", "person,scorer,label,day\n7,chrun,no,2025-01-20\n");
  const { code, said } = await inchworm("label", "import", typo);
  expect(code).toBe(2);
  expect(said.error.message).toMatch(/no scorer of ours \(.*churn/);
});

it("counts before training", async () => {
  const orders = file("orders.csv", "order,customer,date,total\n1,7,2025-01-01,10\n");
  await inchworm("import", "orders", orders);
  const { code, said } = await inchworm("train", "--preview", "--scorers", "churn");
  expect(code).toBe(0);
  expect(said.preview).toEqual([{ scorer: "churn", because: expect.any(String) }]);
});
