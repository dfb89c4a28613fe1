import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { run } from "../program.js";

let folder: string;
let written: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inchworm-holdout-"));
  written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
  return () => rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

async function inchworm(...line: string[]) {
  written = "";
  const code = await run([...line, "--json"]);
  return { code, said: JSON.parse(written) };
}

it("people are held out once and for all, and what is decided is there to be proved", async () => {
  const path = (name: string) => join(folder, name);
  const store = ["--store", path("shop.duckdb")];
  const people = Array.from({ length: 200 }, (_, id) => `p${id}@example.com`);
  writeFileSync(path("contacts.csv"), `email\n${people.join("\n")}\n`);
  writeFileSync(
    path("orders.csv"),
    `order,email,date,total\n${people.map((email, id) => `${id},${email},2025-01-02,10`).join("\n")}\n`,
  );
  await inchworm("import", "contacts", path("contacts.csv"), ...store);
  await inchworm("import", "orders", path("orders.csv"), ...store);

  const first = await inchworm("holdout", "--share", "20%", ...store);
  expect(first).toMatchObject({ code: 0, said: { name: "universal", version: 1, added: 200 } });
  const again = await inchworm("holdout", ...store);
  expect(again.said).toMatchObject({ added: 0, arms: first.said.arms });
  expect((await inchworm("holdout", "--share", "0.3", ...store)).code).toBe(2);

  writeFileSync(path("list.csv"), `email\n${people.slice(0, 50).join("\n")}\nno@example.com\n`);
  const { said } = await inchworm(
    ...["holdout", "spring", "--arms", "holdout=0.4,blue=0.3,red=0.3", "--decide", "spring"],
    ...["--people", path("list.csv"), "--cost", "0.02", "--out", path("send.csv"), ...store],
  );
  expect(said).toMatchObject({ within: "universal", decision: { unknown: 1 } });
  const lines = readFileSync(path("send.csv"), "utf8").trim().split("\n");
  expect(lines[0]).toBe("email,arm");
  expect(lines).toHaveLength(1 + said.decision.treat);
  expect(lines.slice(1).every((line) => /^p\d+@example\.com,(blue|red)$/.test(line))).toBe(true);
  const [one] = lines[1].split(",");
  const arms = (await inchworm("holdout", "--person", one, ...store)).said.arms;
  expect(arms.map(({ holdout }: { holdout: string }) => holdout)).toEqual(["spring", "universal"]);
  expect((await inchworm("holdout", "--list", ...store)).said.holdouts).toHaveLength(2);
  expect((await inchworm("holdout", "--person", "no@example.com", ...store)).code).toBe(2);

  const proof = await inchworm("proof", ...store);
  expect(proof.said.notes[0]).toMatch(/No decision had been logged by 2025-01-03/);
  const later = await inchworm("proof", "--as-of", "2100-01-01", ...store);
  expect(later.said.campaigns).toMatchObject([
    {
      campaign: "spring",
      people: said.decision.treat + said.decision.without,
      verdict: "cannot tell",
    },
  ]);
  expect((await inchworm("proof", "--as-of", "soon", ...store)).said.error.message).toMatch(
    /--as-of/,
  );
});

it("what is asked wrongly is answered with one object and a code that scripts can trust", async () => {
  for (const [line, message] of [
    [["power", "--base", "x", "--contacts", "100"], /--base/],
    [["power", "--base", "0.03", "--contacts", "3"], /--contacts/],
    [["power", "--contacts", "100"], /--base/],
    [["experiment", join(folder, "none.csv"), "--arm", "a", "--outcome", "y"], /none\.csv/],
    [["experiment", join(folder, "none.csv"), "--arm", "a"], /--outcome/],
    [["experiment", "x.csv", "--arm", "a", "--outcome", "y", "--peek"], /--peek needs --planned/],
  ] as const) {
    const { code, said } = await inchworm(...line);
    expect(code).toBe(2);
    expect(said.error.message).toMatch(message);
  }
  const { code, said } = await inchworm("power", "--base", "3%", "--contacts", "50000");
  expect(code).toBe(0);
  expect(said).toMatchObject({ control: 5000, treated: 45_000 });
  expect(said.because).toMatch(/^This list cannot show less than 25\.6 %/);
});
