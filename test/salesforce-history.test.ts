import { salesforce } from "@inchworm/salesforce";
import { type SalesforceSandbox, salesforceSandbox } from "@inchworm/sandbox";
import type { Cursor, Gate } from "@inchworm/spec";
import { expect, it } from "vitest";
import { generator } from "./support/generator.js";
import { Kept } from "./support/kept.js";
import { histories } from "./support/size.js";

/** Random histories of an organisation that is read while it changes; about 110 CPU seconds. */
const begin = Date.UTC(2026, 0, 1);
const minute = 60_000;

it("after any history of changes during reading, what was read is what the organisation holds", {
  timeout: 900_000,
}, async () => {
  for (let seed = 1; seed <= histories; seed++) {
    const random = generator(seed);
    let time = begin;
    const org = await salesforceSandbox({ seed, now: () => time, daily: 10_000_000 });
    const alive = { Contact: [] as string[], Lead: [] as string[] };
    const individualOf = new Map<string, string>();
    let made = 0;

    const add = (object: "Contact" | "Lead", count: number) => {
      for (let more = 0; more < count; more++) {
        const [individual] = org.addRecords("Individual", [{ LastName: "I" }]);
        const Email = `p${made++}@example.com`;
        const company = object === "Lead" ? { Company: "Example" } : {};
        const row = { LastName: "P", Email, IndividualId: individual, ...company };
        const [id] = org.addRecords(object, [row]);
        individualOf.set(id, individual);
        alive[object].push(id);
      }
    };
    const gone = (object: "Contact" | "Lead", id: string) =>
      alive[object].splice(alive[object].indexOf(id), 1);
    const deleted: string[] = [];
    const happen = () => {
      time += random(4) * random(200) * 1_000;
      const object = random(3) === 0 ? "Lead" : "Contact";
      const ids = alive[object];
      const id = ids[random(ids.length)];
      if (id === undefined) return add(object, 2);
      switch (random(11)) {
        case 0:
          return add(object, 1 + random(3));
        case 1:
          gone(object, id);
          deleted.push(id);
          return org.delete(id);
        case 2: {
          const back = deleted.pop();
          if (back === undefined) return;
          org.undelete(back);
          alive[back.startsWith("003") ? "Contact" : "Lead"].push(back);
          return;
        }
        case 3: {
          const other = ids[random(ids.length)];
          if (other === id) return;
          gone(object, other);
          return org.merge(id, other);
        }
        case 4: {
          if (object === "Contact") return org.change(id, { HasOptedOutOfEmail: random(2) === 0 });
          gone(object, id);
          alive.Contact.push(org.convert(id));
          return;
        }
        case 5:
          return org.change(individualOf.get(id) ?? id, {
            ...(individualOf.has(id) ? { HasOptedOutProfiling: random(2) === 0 } : {}),
          });
        case 6:
          return org.changeSlowly(id, { Phone: `${random(1_000)}` }, random(15) * minute);
        default:
          return org.change(id, { FirstName: `N${random(1_000)}` });
      }
    };

    add("Contact", 5 + random(20));
    add("Lead", 2 + random(10));
    const kept = new Kept("salesforce");
    const cursors: (Cursor | undefined)[] = [undefined, undefined];
    // a new adapter for every run, which may end at any page; the last two see it quiet
    const runs = 2 + random(3);
    for (let run = 0; run < runs + 2; run++) {
      const quiet = run >= runs;
      if (quiet) time += 60 * minute;
      else for (let event = random(12); event > 0; event--) happen();
      const gate: Gate = {
        request: async (_, call) => {
          if (!quiet) for (let event = random(3); event > 0; event--) happen();
          return call(new AbortController().signal);
        },
        observe() {},
      };
      const sales = salesforce({
        accessToken: org.token,
        instanceUrl: org.url,
        pageSize: 3 + random(10),
        bulkFrom: random(2) === 0 ? 5 : 1_000,
      });
      for (const [place, source] of [sales.contacts, sales.leads].entries()) {
        const cursor = cursors[place];
        let pages = quiet ? Number.POSITIVE_INFINITY : 1 + random(12);
        for await (const page of source.read({ gate, now: time, ...(cursor && { cursor }) })) {
          kept.page(page.records);
          cursors[place] = JSON.parse(JSON.stringify(page.cursor));
          if (--pages <= 0) break;
        }
      }
    }
    compare(kept, org, `history ${seed}`);
    await org.close();
  }
});

function compare(kept: Kept, org: SalesforceSandbox, where: string): void {
  for (const object of ["Contact", "Lead"]) {
    for (const { id, fields, deleted, masterId, modifiedAt } of org.records(object)) {
      const state = kept.states.get(id)?.state;
      const converted = fields.ConvertedContactId as string | undefined;
      if (masterId !== undefined || converted !== undefined) {
        expect(state, `${where}: ${id} is no record to write on`).not.toBe("current");
        const other = masterId ?? converted ?? "";
        // somebody who was merged before anybody read of them needs no name
        if (state !== undefined && org.record(other)?.deleted === false) {
          expect(kept.person(id), `${where}: ${id} is ${other}`).toBe(kept.person(other));
        }
        continue;
      }
      if (deleted) {
        expect(state, `${where}: ${id} is deleted`).not.toBe("current");
        continue;
      }
      expect(state, `${where}: ${id} is living`).toBe("current");
      expect(kept.contacts.get(id), where).toMatchObject({
        email: fields.Email,
        modifiedAt,
        ...(fields.FirstName === undefined ? {} : { firstName: fields.FirstName }),
        ...(fields.Phone === undefined ? {} : { phone: fields.Phone }),
      });
      const word = (purpose: "email" | "profiling") => kept.consent(id, purpose);
      expect(word("email"), where).toBe(fields.HasOptedOutOfEmail === true ? "denied" : "unknown");
      const individual = org.record(String(fields.IndividualId));
      const refuses = individual?.fields.HasOptedOutProfiling === true;
      expect(word("profiling"), where).toBe(refuses ? "denied" : "unknown");
    }
  }
}
