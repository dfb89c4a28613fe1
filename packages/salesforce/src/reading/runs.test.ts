import type { SalesforceSandbox } from "@inchworm/sandbox";
import { afterEach, describe, expect, it } from "vitest";
import { byId, context, later, opened, readAll } from "../__fixtures__/opened.js";

let org: SalesforceSandbox;
afterEach(() => org?.close());

async function open(...given: Parameters<typeof opened>) {
  const made = await opened(...given);
  org = made.org;
  return made.sales;
}
describe("bulk query jobs", () => {
  it("stand in the cursor before anybody waits for them, and are gone on with by another process", async () => {
    const sales = await open(
      { jobMs: 50 },
      { bulkFrom: 10, pageSize: 4, limits: { poll: { perMs: 1 } } },
    );
    const ids = org.addRecords(
      "Contact",
      Array.from({ length: 70 }, (_, index) => ({
        LastName: `P${index},"\n`,
        Email: `p${index}@example.com`,
      })),
    );
    const iterator = sales.contacts.read({ ...context, now: Date.now() })[Symbol.asyncIterator]();
    const begun = await iterator.next();
    const run = begun.value?.cursor.run as { job?: string };
    expect(run.job).toMatch(/^750/);
    expect(org.count(/GET jobs\/\{kind\}\/\{id\}/)).toBe(0);
    await iterator.return?.();

    const rest = await readAll(sales.contacts, begun.value?.cursor);
    expect(rest.found.contact?.map(({ id }) => id)).toEqual(ids);
    expect(rest.found.contact?.[3]?.lastName).toBe('P3,"');
    expect(org.count("POST jobs/query")).toBe(1);
    expect(org.count("DELETE")).toBe(0);
  });

  it("that nobody knows any more are begun again page by page", async () => {
    const sales = await open({}, { bulkFrom: 10, pageSize: 4 });
    const ids = org.addRecords(
      "Contact",
      Array.from({ length: 30 }, (_, index) => ({ LastName: `P${index}` })),
    );
    const iterator = sales.contacts.read({ ...context, now: Date.now() })[Symbol.asyncIterator]();
    const { value } = await iterator.next();
    await iterator.return?.();
    const job = (value?.cursor.run as { job?: string } | undefined)?.job;
    const deleted = await fetch(`${org.url}/services/data/v60.0/jobs/query/${job}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${org.token}` },
    });
    expect(deleted.status).toBe(204);
    const { found } = await readAll(sales.contacts, value?.cursor);
    expect(found.contact?.map(({ id }) => id)).toEqual(ids);
  });
});

describe("leads", () => {
  it("that are converted are names of their contact from then on", async () => {
    const sales = await open();
    const [ada, grace] = org.addRecords("Lead", [
      { LastName: "Lovelace", Company: "Example", Email: "ada@example.com" },
      { LastName: "Hopper", Company: "Example" },
    ]) as [string, string];
    const { found, cursor } = await readAll(sales.leads);
    expect(found.contact?.map(({ id }) => id)).toEqual([ada, grace]);
    const contact = org.convert(ada);
    const again = await readAll(sales.leads, later(cursor));
    expect(again.found.contact?.filter(({ id }) => id === ada)).toEqual([]);
    expect(byId(again.found.contact, contact)).toMatchObject({
      email: "ada@example.com",
      identities: [{ system: "salesforce", id: ada }],
    });
    expect(again.found.consent?.some((one) => one.contact === contact)).toBe(true);
    org.delete(contact);
    const gone = await readAll(sales.leads, later(cursor));
    expect(byId(gone.found.contact, contact)).toMatchObject({
      archived: true,
      identities: [{ system: "salesforce", id: ada }],
    });
  });
});
