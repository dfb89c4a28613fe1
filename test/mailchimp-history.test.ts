import { mailchimp } from "@inchworm/mailchimp";
import { type MailchimpSandbox, mailchimpSandbox } from "@inchworm/sandbox";
import type { Consent, Contact, Cursor, Gate } from "@inchworm/spec";
import { expect, it } from "vitest";
import { generator } from "./support/generator.js";
import { histories } from "./support/size.js";

/** Random histories of an audience that is read while it changes; about 15 CPU seconds. */
const begin = Date.UTC(2026, 0, 1);
const second = 1_000;

/** What a store keeps: the latest word on every record. */
interface Kept {
  readonly contacts: Map<string, Contact>;
  readonly consents: Map<string, Consent>;
}

it("after any history of changes during reading, what was read is what the audience holds", {
  timeout: 600_000,
}, async () => {
  for (let seed = 1; seed <= histories; seed++) {
    const random = generator(seed);
    let time = begin;
    const sandbox = await mailchimpSandbox({ seed, now: () => time, connections: 100 });
    const { apiKey, audience, url: baseUrl } = sandbox;
    const alive: string[] = [];
    const forgotten = new Set<string>();
    let made = 0;

    const add = (count: number) => {
      const rows = Array.from({ length: count }, () => ({ email: `p${made++}@example.com` }));
      alive.push(...sandbox.addMembers(rows));
    };
    const happen = () => {
      time += random(3) * random(200) * second;
      const id = alive[random(alive.length)];
      switch (random(10)) {
        case 0:
          return add(1 + random(4));
        case 1:
          return sandbox.setStatus(id, "archived");
        case 2:
          return sandbox.setStatus(id, "unsubscribed");
        case 3:
          return sandbox.setStatus(id, "subscribed");
        case 4:
          sandbox.changeEmail(id, `p${made++}@example.com`);
          return;
        case 5: {
          if (alive.length < 5) return;
          sandbox.forget(id);
          forgotten.add(id);
          alive.splice(alive.indexOf(id), 1);
          return;
        }
        default:
          return sandbox.edit(id, { FNAME: `N${random(1_000)}` });
      }
    };

    add(5 + random(40));
    const kept: Kept = { contacts: new Map(), consents: new Map() };
    let cursor: Cursor | undefined;
    // a new adapter for every run, which may end at any page; the last two see it quiet
    const runs = 2 + random(3);
    for (let run = 0; run < runs + 2; run++) {
      const quiet = run >= runs;
      if (quiet) time += 3_600 * second;
      else for (let event = random(12); event > 0; event--) happen();
      const gate: Gate = {
        request: async (_, call) => {
          if (!quiet) for (let event = random(4); event > 0; event--) happen();
          return call(new AbortController().signal);
        },
        observe() {},
      };
      const pageSize = 2 + random(6);
      const { contacts } = mailchimp({ apiKey, audience, baseUrl, pageSize });
      let pages = quiet ? Number.POSITIVE_INFINITY : 1 + random(20);
      for await (const page of contacts.read({ gate, now: time, ...(cursor && { cursor }) })) {
        for (const contact of page.records.contact ?? []) keep(kept.contacts, contact);
        for (const consent of page.records.consent ?? [])
          kept.consents.set(consent.contact, consent);
        cursor = JSON.parse(JSON.stringify(page.cursor));
        if (--pages <= 0) break;
      }
    }
    compare(kept, sandbox, forgotten, seed);
    await sandbox.close();
  }
});

/** As a store does: an older version does not replace a newer one. */
function keep(contacts: Kept["contacts"], contact: Contact): void {
  const old = contacts.get(contact.id);
  if ((old?.modifiedAt ?? 0) <= (contact.modifiedAt ?? 0)) contacts.set(contact.id, contact);
}

function compare(
  { contacts, consents }: Kept,
  sandbox: MailchimpSandbox,
  forgotten: ReadonlySet<string>,
  seed: number,
): void {
  const ids = new Set<string>();
  for (const member of sandbox.members()) {
    const { contactId, hash, email, status, mergeFields, changedAt } = member;
    ids.add(contactId);
    const archived = status === "archived";
    const found = contacts.get(contactId);
    expect(found, `history ${seed}`).toMatchObject({
      email,
      modifiedAt: changedAt,
      identities: [{ system: "mailchimp", id: hash }],
      ...(archived && { archived }),
    });
    if (archived) continue;
    expect(found?.archived, `history ${seed}`).toBeUndefined();
    expect(found?.firstName, `history ${seed}`).toBe(mergeFields.FNAME);
    const consent = status === "unsubscribed" ? "denied" : "unknown";
    expect(consents.get(contactId)?.status, `history ${seed}`).toBe(consent);
  }
  // who was deleted for good leaves no trace in any list
  for (const id of contacts.keys()) expect(ids.has(id) || forgotten.has(id)).toBe(true);
}
