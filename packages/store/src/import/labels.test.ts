import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.js";
import { forget } from "../forget.js";
import { ingest } from "../ingest.js";
import { labels } from "../labels.js";
import { find } from "../people.js";
import { prepareStore } from "../prepare.js";
import { rejects, summary } from "../summary.js";
import type { ImportOptions } from "../types/import.js";
import { importFile } from "./import.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-labels-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let database: Database;
beforeEach(async () => {
  database = await openDatabase(":memory:");
  await prepareStore(database);
  await ingest(
    database,
    { name: "hubspot:eu:contacts", system: "hubspot:eu" },
    {
      records: {
        contact: [
          { id: "101", email: "ada@example.com", identities: [{ system: "customer", id: "7" }] },
          { id: "102", email: "grace@example.com" },
          { id: "103", email: "mary@example.com" },
        ],
      },
      cursor: {},
    },
  );
  return () => database.close();
});

function read(content: string, options: ImportOptions = {}, name = "labels.csv") {
  const path = join(folder, name);
  writeFileSync(path, content);
  const scorers = ["churn", "lead_score"];
  return importFile(database, "labels", path, { scorers, ...options });
}
const table = () =>
  database.rows(
    `select contact_id as contact, scorer, day::varchar as day, label, origin, author from labels order by contact_id, scorer, day`,
  );
const numberOf = async (person: string) => (await find(database, person))?.contact;

describe("labels", () => {
  const content = `\uFEFFperson,scorer,label,day,origin,author
Ada@Example.com,churn,no,2025-03-01,call centre,Kim
hubspot:eu:102,Lead Score,1,2025-03-02,,
7,churn,Yes,2025-04-01 14:30,call centre,Kim
`;

  it("are read of people by any of their names, with origin and author", async () => {
    const result = await read(content);
    expect(result).toMatchObject({ rows: 3, added: 3, updated: 0, rejected: 0, forgotten: 0 });
    const [ada, grace] = [await numberOf("customer:7"), await numberOf("hubspot:eu:102")];
    const kim = { origin: "call centre", author: "Kim" };
    expect(await table()).toEqual([
      { contact: ada, scorer: "churn", day: "2025-03-01", label: false, ...kim },
      { contact: ada, scorer: "churn", day: "2025-04-01", label: true, ...kim },
      {
        contact: grace,
        scorer: "lead_score",
        day: "2025-03-02",
        label: true,
        origin: "labels.csv",
        author: null,
      },
    ]);
    expect((await labels(database, "churn")).origins).toEqual({ "call centre": 2 });
  });

  it("change nothing when they come again, and the last word counts", async () => {
    await read(content);
    expect(await read(content)).toMatchObject({ added: 0, updated: 0, unchanged: 3 });
    const corrected = `${content}7,churn,no,2025-04-01,review,Lee\n`;
    expect(await read(corrected)).toMatchObject({ added: 0, updated: 1, unchanged: 3 });
    expect((await table())[1]).toMatchObject({ label: false, origin: "review", author: "Lee" });
    expect([...(await labels(database, "churn")).labels]).toEqual([0, 0]);
  });

  it("that cannot be used are rejects with their reasons, and make nobody", async () => {
    const result = await read(`email,model,outcome,date
ada@example.com,churn,maybe,2025-03-01
nobody@example.com,churn,yes,2025-03-01
ada@example.com,chrun,yes,2025-03-01
ada@example.com,churn,yes,soon
,churn,yes,2025-03-01
ada@example.com,churn,yes,2025-03-01
grace@example.com,churn,no,2025-03-01
mary@example.com,churn,no,2025-03-01
ada@example.com,lead_score,no,2025-03-01
grace@example.com,lead_score,no,2025-03-01
`);
    expect(result).toMatchObject({ rows: 10, added: 5, rejected: 5 });
    expect(result.reasons).toEqual({
      '"outcome" is a word that means nothing here': 1,
      '"email" is nobody here': 1,
      '"model" is no scorer of ours (churn, lead_score)': 1,
      '"date" is not a date': 1,
      '"email" is missing': 1,
    });
    expect((await rejects(database)).map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
    expect((await summary(database)).contacts).toBe(3);
  });

  it("of which most are bad are not kept at all", async () => {
    await expect(
      read("person,scorer,label,day\nx,churn,yes,2025-03-01\ny,churn,yes,2025-03-01\n"),
    ).rejects.toMatchObject({ code: "input", message: expect.stringMatching(/nothing was kept/) });
  });

  it("go with a person who asks to be forgotten, and do not come back", async () => {
    await read(content);
    const ada = (await numberOf("ada@example.com")) ?? 0;
    expect((await forget(database, ada)).removed.labels).toBe(2);
    const again = await read(content);
    expect(again).toMatchObject({ rows: 3, added: 0, unchanged: 1, rejected: 0, forgotten: 2 });
    expect(await table()).toHaveLength(1);
  });

  it("follow people who prove to be one, once for a day", async () => {
    await read(`person,scorer,label,day
ada@example.com,churn,yes,2025-03-01
mary@example.com,churn,no,2025-03-01
mary@example.com,churn,no,2025-03-05
`);
    await ingest(
      database,
      { name: "shop:contacts", system: "shop" },
      {
        records: {
          contact: [
            {
              id: "a",
              email: "ada@example.com",
              identities: [{ system: "email", id: "mary@example.com" }],
            },
          ],
        },
        cursor: {},
      },
    );
    const ada = await numberOf("mary@example.com");
    expect(await table()).toMatchObject([
      { contact: ada, day: "2025-03-01", label: true },
      { contact: ada, day: "2025-03-05", label: false },
    ]);
  });
});
