import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { salesforceSandbox } from "../salesforce-sandbox.js";
import type { SalesforceSandbox } from "../types.js";

let org: SalesforceSandbox;
let ada: string;
let grace: string;
let mary: string;
let won: string;

beforeAll(async () => {
  org = await salesforceSandbox({ hiddenFields: ["Contact.DoNotCall"] });
  const [refusing] = org.addRecords("Individual", [{ LastName: "I", HasOptedOutProfiling: true }]);
  [ada, grace, mary] = org.addRecords("Contact", [
    { LastName: "Lovelace", Email: "Ada@example.com", SystemModstamp: Date.UTC(2026, 0, 1) },
    {
      LastName: "O'Hopper",
      Email: "grace@example.com",
      IndividualId: refusing,
      SystemModstamp: Date.UTC(2026, 0, 2),
    },
    { LastName: "Somerville", SystemModstamp: Date.UTC(2026, 0, 3) },
  ]);
  [won] = org.addRecords("Opportunity", [
    { Name: "A", StageName: "Closed Won", CloseDate: "2026-02-03", Amount: 12.5 },
    { Name: "B", StageName: "Prospecting", CloseDate: "2026-02-04" },
  ]);
  org.addRecords("OpportunityContactRole", [
    { OpportunityId: won, ContactId: ada },
    { OpportunityId: won, ContactId: grace, IsPrimary: true },
  ]);
});
afterAll(() => org.close());

async function soql(q: string, all = false) {
  const path = `/services/data/v60.0/query${all ? "All" : ""}/?q=${encodeURIComponent(q)}`;
  const answer = await fetch(org.url + path, { headers: { Authorization: `Bearer ${org.token}` } });
  return (await answer.json()) as { totalSize: number; records: Record<string, unknown>[] } & {
    errorCode: string;
    message: string;
  }[];
}
const ids = async (where: string) =>
  (await soql(`SELECT Id FROM Contact${where === "" ? "" : ` ${where}`}`)).records.map(
    ({ Id }) => Id,
  );

describe("SOQL", () => {
  it.each([
    ["", () => [ada, grace, mary]],
    ["WHERE Email = 'ADA@example.com'", () => [ada]],
    ["WHERE LastName = 'O\\'Hopper'", () => [grace]],
    ["WHERE Email = null", () => [mary]],
    ["WHERE Email != null AND NOT LastName LIKE 'Love%'", () => [grace]],
    ["WHERE LastName LIKE '_ove%e' OR LastName = 'Somerville'", () => [ada, mary]],
    ["WHERE (Email = null OR LastName = 'x') AND IsDeleted = false", () => [mary]],
    ["WHERE SystemModstamp >= 2026-01-02T00:00:00Z", () => [grace, mary]],
    ["WHERE SystemModstamp > 2026-01-02T01:00:00+01:00", () => [mary]],
    ["WHERE Individual.HasOptedOutProfiling = true", () => [grace]],
    ["WHERE Email IN ('ada@example.com', 'nobody@example.com')", () => [ada]],
    ["WHERE Email NOT IN ('ada@example.com') AND Email != null", () => [grace]],
    [
      "WHERE Id IN (SELECT ContactId FROM OpportunityContactRole WHERE IsPrimary = true)",
      () => [grace],
    ],
    ["WHERE Id NOT IN (SELECT ContactId FROM OpportunityContactRole)", () => [mary]],
    ["ORDER BY LastName DESC", () => [mary, grace, ada]],
    ["ORDER BY Email NULLS LAST, Id LIMIT 2", () => [ada, grace]],
    ["ORDER BY Id LIMIT 1 OFFSET 1", () => [grace]],
  ])("finds %s", async (where, wanted) => {
    expect(await ids(where)).toEqual(wanted());
  });

  it("begins behind an id", async () => {
    expect(await ids(`WHERE Id > '${ada}' ORDER BY Id`)).toEqual([grace, mary]);
    expect(await ids(`WHERE Id >= '${grace}' ORDER BY Id LIMIT 1`)).toEqual([grace]);
    expect(await ids(`WHERE Id IN ('${mary}', '${ada}')`)).toEqual([ada, mary]);
  });

  it("counts, follows references and gives children", async () => {
    expect(await soql("SELECT COUNT() FROM Contact WHERE Email != null")).toMatchObject({
      totalSize: 2,
      records: [],
    });
    const { records } = await soql(
      "SELECT Amount, CloseDate, IsWon, (SELECT Contact.LastName FROM OpportunityContactRoles WHERE IsPrimary = true LIMIT 1) FROM Opportunity",
    );
    expect(records).toMatchObject([
      {
        Amount: 12.5,
        CloseDate: "2026-02-03",
        IsWon: true,
        OpportunityContactRoles: { records: [{ Contact: { LastName: "O'Hopper" } }] },
      },
      { Amount: null, IsWon: false, OpportunityContactRoles: null },
    ]);
    const [{ Individual, SystemModstamp }] = (
      await soql(`SELECT Individual.LastName, SystemModstamp FROM Contact WHERE Id = '${ada}'`)
    ).records;
    expect([Individual, SystemModstamp]).toEqual([null, "2026-01-01T00:00:00.000+0000"]);
  });

  it("looks into the recycle bin only when asked to", async () => {
    const [gone] = org.addRecords("Contact", [{ LastName: "Gone" }]);
    org.delete(gone);
    expect(await ids("WHERE LastName = 'Gone'")).toEqual([]);
    const all = await soql("SELECT Id, IsDeleted FROM Contact WHERE LastName = 'Gone'", true);
    expect(all.records).toMatchObject([{ Id: gone, IsDeleted: true }]);
  });

  it.each([
    ["SELECT Nonsense FROM Contact", "INVALID_FIELD"],
    // what permissions hide does not exist, as far as anybody is told
    ["SELECT DoNotCall FROM Contact", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE DoNotCall = true", "INVALID_FIELD"],
    ["SELECT Nothing.Id FROM Contact", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE SystemModstamp > 2026-01-01", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01T00:00:00Z'", "INVALID_FIELD"],
    ["SELECT Id FROM Contact WHERE HasOptedOutOfEmail = 'true'", "INVALID_FIELD"],
    ["SELECT Id FROM EmailMessage WHERE TextBody = 'x'", "INVALID_FIELD"],
    ["SELECT Id FROM Nothing", "INVALID_TYPE"],
    ["SELECT Id, (SELECT Id FROM Nothings) FROM Contact", "INVALID_TYPE"],
    ["SELECT Id FROM", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE Email = 'open", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact WHERE Email = 'a' AND Email = 'b' OR Email = 'c'", "MALFORMED_QUERY"],
    [
      "SELECT Id FROM Contact WHERE Email = 'a' OR Id IN (SELECT ContactId FROM OpportunityContactRole)",
      "MALFORMED_QUERY",
    ],
    ["SELECT Id FROM Contact LIMIT -1", "MALFORMED_QUERY"],
    ["SELECT Id FROM Contact GARBAGE", "MALFORMED_QUERY"],
  ])("refuses %s", async (query, code) => {
    expect((await soql(query))[0]?.errorCode).toBe(code);
  });
});
