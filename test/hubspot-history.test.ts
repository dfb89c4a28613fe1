import { hubspot } from "@inchworm/hubspot";
import { type HubspotSandbox, hubspotSandbox } from "@inchworm/sandbox";
import { type Cursor, type Gate, InchwormError } from "@inchworm/spec";
import { accountGate } from "@inchworm/sync";
import { expect, it } from "vitest";
import { generator } from "./support/generator.js";
import { Kept } from "./support/kept.js";
import { histories } from "./support/size.js";

/** Random histories of a portal that is read while it changes and fails. */
const begin = Date.UTC(2026, 0, 1);
const second = 1_000;
const optOut = { name: "no_scores", type: "bool", fieldType: "booleancheckbox" } as const;
const faults = { rateLimit: 0.05, serverError: 0.05, dropped: 0.02, cut: 0.02, htmlErrors: 0.02 };

it("after any history of changes, merges, deletions and failures during reading, what was read is what the portal holds", {
  timeout: 600_000,
}, async () => {
  for (let seed = 1; seed <= histories; seed++) {
    const random = generator(seed);
    let time = begin;
    const sandbox = await hubspotSandbox({
      seed,
      now: () => time,
      perWindow: 1_000_000,
      daily: 10_000_000,
      indexLagMs: random(3) * random(120) * second,
      mergeMakesNewId: random(2) === 0,
      properties: [optOut],
    });
    const alive: string[] = [];
    /** Who was merged, and into whom. */
    const into = new Map<string, string>();
    let made = 0;

    const add = (count: number) => {
      const rows = Array.from({ length: count }, () => ({
        email: `p${made++}@example.com`,
        createdate: `${time}`,
        lastmodifieddate: `${time}`,
      }));
      alive.push(...sandbox.addContacts(rows));
    };
    const happen = () => {
      time += random(3) * random(200) * second;
      const id = alive[random(alive.length)];
      switch (random(10)) {
        case 0:
          return add(1 + random(4));
        case 1:
          if (alive.length < 5) return;
          alive.splice(alive.indexOf(id), 1);
          return sandbox.archive(id);
        case 2: {
          const other = alive[random(alive.length)];
          if (other === id) return;
          const survivor = sandbox.merge(id, other);
          for (const one of [id, other]) {
            if (one === survivor) continue;
            into.set(one, survivor);
            alive.splice(alive.indexOf(one), 1);
          }
          if (!alive.includes(survivor)) alive.push(survivor);
          return;
        }
        case 3:
          return sandbox.edit(id, { hs_email_optout: `${random(2) === 0}` });
        case 4:
          return sandbox.edit(id, { [optOut.name]: `${random(2) === 0}` });
        case 5:
          return sandbox.edit(id, { email: `p${made++}@example.com` });
        default:
          return sandbox.edit(id, { firstname: `N${random(1_000)}` });
      }
    };

    add(5 + random(40));
    const kept = new Kept("hubspot");
    let cursor: Cursor | undefined;
    // a new adapter for every run, which may end at any page or by a failure; the last two see the portal quiet
    const runs = 2 + random(3);
    for (let run = 0; run < runs + 2; run++) {
      const quiet = run >= runs;
      sandbox.setFaults(quiet ? {} : faults);
      if (quiet) time += 3_600 * second;
      else for (let event = random(12); event > 0; event--) happen();
      const portal = hubspot({
        accessToken: sandbox.token,
        baseUrl: sandbox.url,
        profilingOptOutProperty: optOut.name,
        limits: { search: { requests: 1_000 }, standard: { requests: 1_000 } },
      });
      const account = accountGate(portal.account, { seed, attempts: 2, sleep: async () => {} });
      const gate: Gate = {
        request: async (request, call) => {
          if (!quiet) for (let event = random(4); event > 0; event--) happen();
          return account.request(request, call);
        },
        observe() {},
      };
      let pages = quiet ? Number.POSITIVE_INFINITY : 1 + random(8);
      try {
        const read = portal.contacts.read({ gate, now: time, ...(cursor && { cursor }) });
        for await (const page of read) {
          kept.page(page.records);
          cursor = JSON.parse(JSON.stringify(page.cursor));
          if (--pages <= 0) break;
        }
      } catch (error) {
        if (quiet || !InchwormError.is(error)) throw error;
        expect(["rate-limit", "server", "network"]).toContain(error.code);
      }
    }
    compare(kept, sandbox, into, `history ${seed}`);
    await sandbox.close();
  }
});

function compare(
  kept: Kept,
  sandbox: HubspotSandbox,
  into: ReadonlyMap<string, string>,
  where: string,
): void {
  const standing = new Set<string>();
  for (const { id, properties, archived, updatedAt } of sandbox.contacts()) {
    standing.add(id);
    if (archived) {
      expect(kept.states.get(id)?.state, `${where}: ${id} is archived`).toBe("archived");
      continue;
    }
    expect(kept.states.get(id)?.state, `${where}: ${id} is living`).toBe("current");
    expect(kept.contacts.get(id), where).toMatchObject({
      email: properties.email,
      modifiedAt: updatedAt,
      ...(properties.firstname === undefined ? {} : { firstName: properties.firstname }),
    });
    const word = (property: string) => (properties[property] === "true" ? "denied" : "unknown");
    if (properties.hs_email_optout !== undefined)
      expect(kept.consent(id, "email"), where).toBe(word("hs_email_optout"));
    expect(kept.consent(id, "profiling"), where).toBe(word(optOut.name));
  }
  for (const [old, survivor] of into) {
    if (kept.states.get(old) === undefined) continue;
    expect(kept.states.get(old)?.state, `${where}: ${old} is no record to write on`).not.toBe(
      "current",
    );
    if (standing.has(survivor)) expect(kept.person(old), where).toBe(kept.person(survivor));
  }
  // nobody was read who never was
  for (const id of kept.states.keys()) expect(standing.has(id) || into.has(id)).toBe(true);
}
