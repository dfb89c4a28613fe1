import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { random } from "@inchworm/learn";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "../program.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-uplift-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in this process; little is drawn again, so that it is quick. */
async function inchworm(...argv: string[]) {
  let text = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    const code = await run(["uplift", ...argv, "--json"]);
    expect(text.trim().split("\n")).toHaveLength(1);
    return { code, ...JSON.parse(text) };
  } finally {
    write.mockRestore();
  }
}
const quick = ["--folds", "2", "--repeats", "1"];

type Person = Record<string, string | number>;

/** Customers of whom those who came lately are moved by a catalogue, and nobody by a card. */
function customers(rows: number, seed = 1): Person[] {
  const { uniform, below } = random(seed);
  return Array.from({ length: rows }, (_, row) => {
    const group = ["keiner", "Katalog, groß", "Karte"][below(3)];
    const days = below(100);
    const moved = group === "Katalog, groß" && days < 50 ? 0.5 : 0;
    const bought = uniform() < 0.2 + moved;
    return {
      id: `K-${row}`,
      days: below(20) === 0 ? "" : days,
      city: below(30) === 0 ? "N/A" : ["Köln", "Łódź", "Málaga"][below(3)],
      group,
      bought: bought ? "Ja" : "nein",
      spent: bought ? `${5 + below(90)},50` : "0,00",
    };
  });
}

function file(name: string, people: readonly Person[], change: (text: string) => string = String) {
  const path = join(folder, name);
  const head = Object.keys(people[0]);
  const lines = people.map((person) => head.map((column) => `"${person[column]}"`).join(";"));
  const text = change(`\uFEFF${[head.join(";"), ...lines].join("\r\n")}\r\n`);
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(text) : text);
  return path;
}

const named = ["--treatment", "group", "--outcome", "bought", "--positive", "Ja"];

describe("inchworm uplift", () => {
  const path = file("people.csv.gz", customers(900));

  it("finds whom an arm changes, and who is not changed by another", async () => {
    const out = join(folder, "lines.csv");
    const money = ["--value", "10", "--cost", "1"];
    const others = ["--drop", "spent", "--control", "KEINER", "--out", out];
    const found = await inchworm(path, ...named, ...quick, ...money, ...others);
    expect(found.code).toBe(0);
    expect(found).toMatchObject({
      control: "keiner",
      positive: "Ja",
      treated: "Katalog, groß",
      verdict: "signal: treat those who gain",
      treat: "ranked",
      propensities: "constant",
      leakage: [],
      unbalanced: [],
      leftOut: [{ column: "id" }],
    });
    expect(found.rows).toBeGreaterThan(500);
    expect(found.ate).toBeGreaterThan(0.15);
    expect(found.ate).toBeLessThan(0.35);
    for (const learner of found.learners)
      expect(Object.keys(learner)).toEqual(["name", "qini", "low", "high", "uplift30"]);
    const chosen = found.learners.find(({ name }: { name: string }) => name === found.chosen);
    expect(chosen.low).toBeGreaterThan(0);
    const card = found.arms.find(({ treated }: { treated: string }) => treated === "Karte");
    expect(card).toMatchObject({
      chosen: "ate-only",
      verdict: "no signal: treat all or none",
      treat: "undecided",
    });
    // half of the people, whose half an outcome more is worth 10
    expect(found.groups.persuadable).toBeGreaterThan(350);
    expect(found.groups.persuadable).toBeLessThan(600);
    expect(found.expectedGain / found.groups.persuadable).toBeGreaterThan(2);
    expect(found.valuePerCost).toBeCloseTo(found.expectedGain / found.groups.persuadable + 1, 6);
    const [head, ...lines] = readFileSync(out, "utf8").trim().split("\n");
    expect(head).toBe(
      'row,group,best,baseline,"effect Katalog, groß","low Katalog, groß","high Katalog, groß",effect Karte,low Karte,high Karte',
    );
    expect(lines).toHaveLength(900);
    const persuadable = lines.filter((line) => line.includes(',persuadable,"Katalog, groß",'));
    expect(persuadable).toHaveLength(found.groups.persuadable);
  });

  it("takes amounts as people write them, and guesses the control", async () => {
    const people = customers(400).map(({ group, ...rest }) => ({
      ...rest,
      mailed: group === "Karte" ? "No mail" : "Mail",
    }));
    const found = await inchworm(
      file("amounts.csv", people),
      ...["--treatment", "mailed", "--outcome", "spent", "--drop", "bought", ...quick],
    );
    expect(found).toMatchObject({ code: 0, control: "No mail", treated: "Mail", rows: 400 });
    expect(found.positive).toBeUndefined();
    expect(Math.abs(found.ate)).toBeGreaterThan(1);
    expect(found.learners.map(({ name }: { name: string }) => name)).not.toContain("t-logistic");
  });

  it("warns of columns that were not known before", async () => {
    const people = customers(500).map((person, row) => ({
      ...person,
      sent: person.group === "keiner" ? "" : `2024-01-${10 + (row % 3)}`,
      days: person.group === "keiner" ? person.days : Number(person.days) + 30,
    }));
    const found = await inchworm(
      file("leaks.csv", people),
      ...[...named, ...quick, "--treated", "Katalog, groß", "--control", "keiner"],
    );
    const leaks = Object.fromEntries(
      found.leakage.map(({ column, because }: Record<string, string>) => [column, because]),
    );
    expect(leaks.sent).toContain('it tells who got "Katalog, groß" with an AUC of 1.000');
    expect(leaks.spent).toMatch(/alone it tells the outcome|have one outcome/);
    expect(found.unbalanced.map(({ column }: { column: string }) => column)).toEqual(["days"]);
  });

  it("says what is wrong, and what there is", async () => {
    const small = customers(30);
    const twice = ["--treated", "Karte", "--control", "Karte"];
    for (const [args, message] of [
      [
        ["--treatment", "grupe", "--outcome", "bought"],
        'has no column "grupe". Its columns are "id"',
      ],
      [["--treatment", "group", "--outcome", "group"], "both the treatment and the outcome"],
      [[...named, "--treated", "Brief"], 'has the "group" "Brief". Its values are "'],
      [[...named, "--control", "niemand"], 'has the "group" "niemand"'],
      [named, 'Nothing says which "group" of'],
      [[...named, ...twice], "both the control and treated"],
      [
        [...named, "--control", "keiner", "--propensity", "days", "--estimate-propensities"],
        "either in a column or estimated",
      ],
      [
        [...named, "--control", "keiner", "--treated", "Karte", "--propensity", "days"],
        "must hold chances above 0 and below 1, and one is",
      ],
      [[...named, "--control", "keiner", "--cost", "-1"], "--cost must be a number ≥ 0"],
      [["--treatment", "group", "--control", "keiner", "--outcome", "city"], "not two: "],
    ] as const) {
      const { code, error } = await inchworm(path, ...args);
      expect(code).toBe(2);
      expect(error.message).toContain(message);
      expect(error.hint ?? error.message).not.toBe("");
    }
    const few = await inchworm(file("few.csv", small), ...named, "--control", "keiner");
    expect(few.error.message).toMatch(/Only \d+ rows of .* "group" ".*", and 20 are needed/);
    const one = await inchworm(
      file(
        "one.csv",
        small.map((person) => ({ ...person, group: "Karte" })),
      ),
      ...named,
    );
    expect(one.error.message).toContain("there is nobody to compare with");
    const constant = await inchworm(
      file(
        "constant.csv",
        small.map((person) => ({ ...person, bought: "Ja" })),
      ),
      ...["--treatment", "group", "--control", "keiner", "--outcome", "bought"],
    );
    expect(constant.error.message).toContain('with a "bought" has the same one, "Ja"');
    const empty = file("empty.csv", small, (text) => `${text.split("\r\n")[0]}\r\n`);
    expect((await inchworm(empty, ...named)).error.message).toContain(
      "has column names but no rows",
    );
    expect((await inchworm(join(folder, "none.csv"), ...named)).code).toBe(2);
  });

  it("leaves out rows that say nothing, and says so", async () => {
    const people = customers(400).map((person, row) => ({
      ...person,
      ...(row < 7 && { bought: "" }),
      ...(row >= 7 && row < 12 && { group: "" }),
    }));
    const ragged = file("ragged.csv", people, (text) => `${text}"K-x";"1"\r\n`);
    const { code, notes, arms, groups, expectedGain } = await inchworm(
      ragged,
      ...[...named, ...quick, "--treated", "Karte", "--control", "keiner", "--drop", "spent"],
    );
    expect(code).toBe(0);
    expect(notes.join(" ")).toMatch(/1 row cannot be read .* left out: "Katalog, groß"/);
    expect(notes.join(" ")).toContain('without a "bought"');
    expect(arms).toHaveLength(1);
    expect({ groups, expectedGain }).toEqual({ groups: null, expectedGain: null });
  });
});
