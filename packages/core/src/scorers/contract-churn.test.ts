import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { afterAll, describe, expect, it } from "vitest";
import type { History } from "../scorer.js";
import { day } from "../windows.js";
import { type ContractChurnOptions, contractChurn } from "./contract-churn.js";
import type { ContractTable } from "./contract-churn-table.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-contracts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const asOf = Date.UTC(2026, 0, 1);

/** Contacts 0 … n − 1 whose customer ids are "c0" … */
function contactsHistory(count: number, denied: readonly number[] = []): History {
  const contacts = Array.from({ length: count }, (_, contact) => contact);
  const history = {
    async *contacts() {
      yield contacts.map((contact) => ({
        contact,
        identities: [{ system: "customer", id: `c${contact}` }],
        profiling: denied.includes(contact) ? "denied" : "unknown",
      }));
    },
    features: async () => {
      const allowed = contacts.filter((contact) => !denied.includes(contact));
      return { rows: allowed.length, contacts: Int32Array.from(allowed), columns: [] };
    },
  };
  return history as unknown as History;
}

const dated = (at: number) => new Date(at).toISOString().slice(0, 10);
const write = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, `\ufeff${lines.join("\r\n")}\r\n`);
  return path;
};

/** Two years of contracts: basic plans are cancelled at four times the rate of others, or all alike. */
function datedFile(name: string, rows: number, seed: number, noise = false): string {
  const { uniform, below } = random(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const plan = ["basic", "plus", "pro"][below(3)];
    const begun = asOf - uniform() * 730 * day;
    const mean = noise ? 300 : plan === "basic" ? 150 : 600;
    const ended = begun - mean * day * Math.log(1 - uniform());
    return `c${row},${plan},${below(50)},${dated(begun)},${ended < asOf ? dated(ended) : ""}`;
  });
  return write(name, ["id,plan,seats,since,left", ...lines]);
}
const columns = { customer: "id", start: "since", end: "left" };

describe("contractChurn on a table with dates", () => {
  const file = datedFile("dated.csv", 3000, 1);
  const scorer = contractChurn({ table: { file, ...columns }, horizonDays: 60 });
  const history = contactsHistory(3001, [7]);
  const trained = scorer.train(history, { asOf, seed: 1 });

  it("names the planted driver, is judged on a later day, and beats the best single column or says so", async () => {
    const { card, seen } = await trained;
    if (card.kind !== "probability") throw new Error("not a probability");
    expect(card.question).toBe("Will this contract be cancelled within 60 days?");
    expect(card.drivers[0].feature).toBe("plan");
    expect(card.rule.name).toBe("plan alone");
    expect(card.windows.evaluation.cutoff).toBe(asOf - 60 * day);
    expect(card.windows.training.labelsUntil).toBe(asOf - 60 * day);
    expect(card.metrics.auc.value).toBeGreaterThan(0.6);
    // age and seats tell nothing: nothing to add to the plan
    expect(card.verdict).toBe("withheld");
    expect(seen).toHaveLength(3000);
  });

  it("scores running contracts with the values that speak, and says why not the others", async () => {
    const { artifact } = await trained;
    const { contacts, fields, reasons, abstained } = await scorer.score(
      history,
      JSON.parse(JSON.stringify(artifact)),
      { asOf },
    );
    expect(contacts.includes(7)).toBe(false);
    expect(new Set(abstained)).toEqual(
      new Set([undefined, "no running contract", "no contract in the table"]),
    );
    expect(abstained[contacts.indexOf(3000)]).toBe("no contract in the table");
    const high = Array.from(contacts.keys()).filter(
      (row) => Number(fields.contract_churn_probability[row]) > 0.25,
    );
    expect(high.length).toBeGreaterThan(100);
    for (const row of high) expect(reasons[row][0]).toBe("plan: basic");
    const told = Array.from(contacts.keys()).filter((row) => abstained[row] === undefined);
    for (const row of told)
      expect(fields.contract_churn_reason[row]).toBe(reasons[row].join(" · "));
  });

  it("withholds itself where nothing tells contracts apart", async () => {
    for (let seed = 0; seed < 3; seed++) {
      const noise = datedFile(`noise${seed}.csv`, 1200, 50 + seed, true);
      const other = contractChurn({ table: { file: noise, ...columns }, horizonDays: 60 });
      const { card } = await other.train(contactsHistory(10), { asOf, seed: 1 });
      expect(card.verdict).toBe("withheld");
    }
  });
});

describe("contractChurn on a table without dates", () => {
  it("takes its own word for cancelled, and tells of the contract most at risk", async () => {
    const { uniform, below } = random(3);
    const lines = Array.from({ length: 900 }, (_, row) => {
      const late = below(5);
      const state = uniform() < 0.15 + 0.15 * late ? "Gone" : "still here";
      return `c${row % 600};${late};${state};note ${row}`;
    });
    const file = write("words.csv", ["id;late;state;note", ...lines]);
    const options: ContractChurnOptions = {
      table: { file, customer: "id", cancelled: "state", cancelledWord: "gone" },
    };
    const scorer = contractChurn(options);
    const history = contactsHistory(600);
    const { card, artifact } = await scorer.train(history, { asOf, seed: 1 });
    expect(card.notes?.[0]).toBe("Learned from 1 columns; left out: note (900 different texts).");
    const { contacts, reasons, abstained } = await scorer.score(history, artifact, { asOf });
    for (const [row, contact] of contacts.entries()) {
      const running = lines.filter(
        (line) => line.startsWith(`c${contact};`) && line.includes("here"),
      );
      expect(abstained[row]).toBe(running.length > 0 ? undefined : "no running contract");
      const worst = Math.max(...running.map((line) => Number(line.split(";")[1])));
      if (reasons[row].length > 0 && worst > 3) expect(reasons[row]).toEqual([`late: ${worst}`]);
    }
  });
});

describe("contractChurn", () => {
  it("refuses tables that cannot be used, and says what is missing", async () => {
    const file = datedFile("few.csv", 80, 9);
    const history = contactsHistory(80);
    const refused = (table: ContractTable, options = {}) =>
      contractChurn({ table, ...options }).train(history, { asOf, seed: 1 });
    await expect(refused({ file, ...columns, customer: "who" })).rejects.toThrow(/no column "who"/);
    await expect(refused({ file, customer: "id", cancelled: "plan" })).rejects.toThrow(
      /80 of 80 rows of "plan" say neither yes nor no/,
    );
    await expect(refused({ file, customer: "id", end: "plan" })).rejects.toThrow(InchwormError);
    await expect(refused({ file, ...columns }, { horizonDays: 30 })).rejects.toThrow(
      /^contract-churn: to learn from, needs 50 contracts that were cancelled, and there are \d+: \d+ are missing/,
    );
    expect(() => contractChurn({ table: { file, customer: "id" } })).toThrow(
      /needs either "end" or "cancelled"/,
    );
    expect(() => contractChurn({ table: { file, ...columns }, horizonDays: 0 })).toThrow(
      /"horizonDays" must be an integer ≥ 1/,
    );
  });
});
