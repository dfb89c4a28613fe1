import type { Contact, Identity } from "@inchworm/spec";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openDatabase } from "./database.js";
import { ingest } from "./ingest.js";
import { prepareStore } from "./prepare.js";

const name = fc.record({
  system: fc.constantFrom("customer", "email", "crm", "shop"),
  id: fc.integer({ min: 0, max: 11 }).map(String),
});
const record = fc.record({
  source: fc.constantFrom("crm", "shop"),
  id: fc.integer({ min: 0, max: 11 }).map(String),
  identities: fc.array(name, { maxLength: 3 }),
});
const pages = fc.array(fc.array(record, { minLength: 1, maxLength: 6 }), { maxLength: 6 });

const written = ({ system, id }: Identity): Identity =>
  system === "email" ? { system, id: `p${id}@example.com` } : { system, id };
const key = ({ system, id }: Identity): string => `${system}:${id}`;

/** The people that records make, by joining names one after another. */
function joined(records: readonly (readonly Identity[])[]): string[] {
  let people: Set<string>[] = [];
  for (const names of records) {
    const mine = new Set(names.map(key));
    const same = people.filter((person) => [...person].some((one) => mine.has(one)));
    people = people.filter((person) => !same.includes(person));
    people.push(new Set([...mine, ...same.flatMap((person) => [...person])]));
  }
  return people.map((person) => [...person].sort().join(" ")).sort();
}

it("makes the same people of any records in any pages", async () => {
  await fc.assert(
    fc.asyncProperty(pages, async (given) => {
      const database = await openDatabase(":memory:");
      await prepareStore(database);
      const all: Identity[][] = [];
      for (const page of given) {
        for (const system of ["crm", "shop"]) {
          const contact: Contact[] = page
            .filter(({ source }) => source === system)
            .map(({ id, identities }) => ({ id, identities: identities.map(written) }));
          all.push(...contact.map(({ id, identities = [] }) => [{ system, id }, ...identities]));
          await ingest(database, { name: system, system }, { records: { contact }, cursor: {} });
        }
      }
      const people = await database.rows<{ names: string }>(`
        select string_agg(system || ':' || external_id, ' ' order by system || ':' || external_id) as names
        from identities group by contact_id order by names`);
      expect(people.map(({ names }) => names).sort()).toEqual(joined(all));
      const [counts] = await database.rows(
        "select count(*) as contacts, count(distinct contact_id) as numbers from contacts",
      );
      expect(counts).toEqual({ contacts: people.length, numbers: people.length });
      await database.close();
    }),
    { numRuns: 12, seed: 7 },
  );
});
