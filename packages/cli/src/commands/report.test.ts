import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@inchworm/store";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { madeUpData } from "../../../report/src/__fixtures__/made-up-data.js";
import { run } from "../program.js";

const [{ card }] = madeUpData().scorers;
let folder: string;
let path: string;
let written: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inchworm-report-"));
  path = join(folder, "shop.duckdb");
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      written += text;
      return true;
    });
  return () => rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

async function inchworm(...line: string[]): Promise<{ code: number; said: string }> {
  written = "";
  return { code: await run([...line, "--store", path]), said: written };
}
async function json(...line: string[]) {
  const { code, said } = await inchworm(...line, "--json");
  return { code, said: JSON.parse(said) };
}

/** A store with one contact, one model and one score. */
async function trained(): Promise<void> {
  const store = await openStore(path);
  try {
    const records = {
      contact: [{ id: "a", email: "ada@example.com", identities: [] }],
      order: [{ id: "1", contact: "a", at: Date.UTC(2025, 11, 30), total: 10 }],
    };
    await store.ingest({ name: "shop", system: "customer" }, { records, cursor: {} } as never);
    await store.saveModel(
      {
        id: "churn-1",
        scorer: "churn",
        options: {},
        card,
        artifact: {},
        trainedAt: card.trainedAt,
      },
      Int32Array.of(1),
    );
    await store.saveScores({
      scorer: "churn",
      modelId: "churn-1",
      asOf: card.trainedAt,
      contacts: Int32Array.of(1),
      fields: { churn_probability: [0.25], churn_band: ["low"] },
      reasons: [["last order 2 days ago"]],
      abstained: [undefined],
    });
  } finally {
    await store.close();
  }
}

it.each(["report", "card churn"])(
  "%s says what to do where there is nothing to tell of",
  async (line) => {
    const words = line.split(" ");
    const none = await json(...words);
    expect(none.code).toBe(7);
    expect(none.said.error).toMatchObject({
      code: "insufficient-data",
      message: expect.stringContaining("There is no store"),
    });
    await (await openStore(path)).close();
    const untrained = await json(...words);
    expect(untrained.code).toBe(7);
    expect(untrained.said.error).toMatchObject({ message: "Nothing is trained yet." });
  },
);

it("writes a report, and the same again as data", async () => {
  await trained();
  const out = join(folder, "report.html");
  const { code, said } = await inchworm("report", "--out", out);
  expect(code).toBe(0);
  expect(said).toContain(`Report: ${out}`);
  const page = readFileSync(out, "utf8");
  expect(page).toContain("1 contact");
  const result = await json("report", "--out", out);
  expect(result.said).toMatchObject({
    file: out,
    bytes: Buffer.byteLength(page),
    data: { summary: { contacts: 1 } },
  });
  expect(readFileSync(out, "utf8")).toBe(page);
});

it("shows one contact, masked unless asked for in full", async () => {
  await trained();
  const out = join(folder, "report.html");
  expect((await inchworm("report", "--out", out, "--contact", "ada@example.com")).code).toBe(0);
  expect(readFileSync(out, "utf8")).toContain("a•••@•••.com");
  expect(readFileSync(out, "utf8")).not.toContain("ada@");
  expect(readFileSync(out, "utf8")).toContain("because last order 2 days ago");
  await inchworm("report", "--out", out, "--contact", "ada@example.com", "--with-personal-data");
  expect(readFileSync(out, "utf8")).toContain("ada@example.com");
  const nobody = await json("report", "--out", out, "--contact", "bob@example.com");
  expect(nobody.code).toBe(2);
  expect(JSON.stringify(nobody.said)).not.toContain("bob@");
});

it("refuses a place that cannot be written to, and a locale that is none", async () => {
  await trained();
  const place = await json("report", "--out", join(folder, "no", "such", "report.html"));
  expect(place).toMatchObject({
    code: 2,
    said: { error: { hint: expect.stringContaining("--out") } },
  });
  const locale = await json("report", "--out", join(folder, "r.html"), "--locale", "x y");
  expect(locale).toMatchObject({ code: 2, said: { error: { message: '"x y" is no locale.' } } });
});

it("prints a card with small charts, as Markdown, or as it is", async () => {
  await trained();
  const { code, said } = await inchworm("card", "churn");
  expect(code).toBe(0);
  expect(said).toMatch(/^churn: published\n/);
  expect(said).toMatch(/^AUC +0\.840 \(0\.830 to 0\.850\) +0\.740 \(0\.730 to 0\.750\)$/m);
  // the best tenth holds 90 of 450, chance a tenth
  expect(said).toMatch(/^10\.0 % {2}██┊███▍ +20\.0 %$/m);
  expect(said).toMatch(/^days since the last order +█{16} +1\.000$/m);
  expect((await inchworm("card", "churn", "--markdown")).said).toMatch(/^# churn: published\n/);
  expect((await json("card", "churn")).said).toEqual(card);
  const unknown = await json("card", "chrun");
  expect(unknown).toMatchObject({
    code: 2,
    said: { error: { hint: "There are cards of churn." } },
  });
});
