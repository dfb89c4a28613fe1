import type { AccountEngagementSandbox } from "@inchworm/sandbox";
import type { Cursor, Page, Source } from "@inchworm/spec";
import { afterEach, describe, expect, it } from "vitest";
import { byId, context, failed, readAll, saidBy, statusOf } from "../__fixtures__/opened.js";
import { type AccountEngagement, accountEngagement, salesforce } from "../index.js";
import { loginOf, opened } from "./__fixtures__/opened.js";

let unit: AccountEngagementSandbox;
let engagement: AccountEngagement;
afterEach(() => unit.close());

async function open(...given: Parameters<typeof opened>) {
  const made = await opened(...given);
  unit = made.unit;
  engagement = made.engagement;
  return made;
}

const day = 86_400_000;
const started = Date.UTC(2026, 4, 1, 12);

describe("prospects", () => {
  it("come with what they refuse, and with their other names", async () => {
    await open(
      { customFields: [{ fieldId: "No_Scores", type: "Text" }] },
      { profilingOptOutField: "No_Scores__c" },
    );
    const [ada, grace, mary, lise] = unit
      .addProspects([
        {
          email: " Ada@Example.com ",
          firstName: "Ada",
          state: "Kent",
          zip: "CT1",
          salesforceContactId: "003000000000001AAA",
          createdAt: started,
        },
        { email: "grace@example.com", optedOut: true },
        { email: "mary@example.com", isDoNotEmail: true, No_Scores__c: "off" },
        { No_Scores__c: "please do not" },
      ])
      .map(String) as [string, string, string, string];
    const { found } = await readAll(engagement.prospects);
    expect(byId(found.contact, ada)).toEqual({
      id: ada,
      email: "ada@example.com",
      firstName: "Ada",
      region: "Kent",
      postalCode: "CT1",
      createdAt: started,
      modifiedAt: started,
      identities: [{ system: "salesforce", id: "003000000000001AAA" }],
    });
    const said = (id: string) => statusOf(found.consent, id);
    expect(said(ada)).toEqual({ email: "unknown", profiling: "unknown" });
    expect(said(grace)).toEqual({ email: "denied", profiling: "unknown" });
    expect(said(mary)).toEqual({ email: "denied", profiling: "unknown" });
    expect(said(lise)).toEqual({ email: "unknown", profiling: "denied" });
  });

  it("are all read again when another opt-out is named, and not by a field that queries leave out", async () => {
    await open({
      customFields: [
        { fieldId: "A", type: "Text" },
        { fieldId: "Many", type: "Checkbox" },
      ],
    });
    unit.addProspects([{ email: "ada@example.com", A__c: "yes", createdAt: started }]);
    const { cursor } = await readAll(engagement.prospects);
    const named = (profilingOptOutField: string) =>
      accountEngagement({ ...loginOf(unit), profilingOptOutField });
    const later = await readAll(named("A__c").prospects, cursor);
    expect(later.found.consent).toContainEqual(
      expect.objectContaining({ purpose: "profiling", status: "denied" }),
    );
    const checkbox = await failed(() => readAll(named("Many__c").prospects));
    expect(checkbox).toMatchObject({ code: "config" });
    expect(checkbox.message).toContain("Checkbox");
    expect((await failed(() => readAll(named("Nope__c").prospects))).code).toBe("config");
  });

  it.each([["query"], ["export"]] as const)(
    "are all read by %s, past the end of a chain of page tokens, with the recycle bin",
    async (backfill) => {
      await open({ chainRecords: 40, exportFileRows: 30 }, { pageSize: 60, backfill });
      const ids = unit.addProspects(
        Array.from({ length: 230 }, (_, at) => ({
          email: `p${at}@example.com`,
          optedOut: at === 77,
          createdAt: Date.UTC(2022, 0, 1) + at * 6 * day,
        })),
      );
      for (const at of [0, 120, 229]) unit.delete(ids[at] as number);
      const { found, cursor } = await readAll(engagement.prospects);
      expect(new Set(found.contact?.map(({ id }) => Number(id)))).toEqual(new Set(ids));
      expect(found.contact?.filter(({ archived }) => archived)).toHaveLength(3);
      expect(statusOf(found.consent, String(ids[77]))).toEqual({ email: "denied" });
      expect(unit.count("POST exports 201")).toBe(backfill === "export" ? 5 : 0);
      const again = await readAll(engagement.prospects, cursor);
      expect(again.found.contact?.length).toBeLessThan(ids.length);
    },
  );

  it("are not lost to reads that are a minute behind", async () => {
    let time = started;
    await open({ staleMs: 60_000, now: () => time });
    const ids = unit.addProspects([
      { email: "ada@example.com", createdAt: started - day },
      { email: "grace@example.com", createdAt: started - day },
    ]);
    unit.change(ids[0] as number, { city: "London" });
    const first = await readAll(engagement.prospects, undefined, time);
    expect(byId(first.found.contact, String(ids[0]))?.city).toBeUndefined();
    time += 90_000;
    unit.change(ids[1] as number, { city: "Paris" });
    const second = await readAll(engagement.prospects, first.cursor, time);
    expect(byId(second.found.contact, String(ids[0]))?.city).toBe("London");
    time += 90_000;
    const third = await readAll(engagement.prospects, second.cursor, time);
    expect(byId(third.found.contact, String(ids[1]))?.city).toBe("Paris");
  });

  it("go on with the export that was begun, and make another when it has expired", async () => {
    await open({ exportFileRows: 2 }, { backfill: "export" });
    unit.addProspects(
      Array.from({ length: 9 }, (_, at) => ({
        email: `p${at}@example.com`,
        createdAt: started - day,
      })),
    );
    const read = async (source: Source, most: number, cursor?: Cursor) => {
      const found: Page[] = [];
      for await (const page of source.read({
        ...context,
        now: started,
        ...(cursor && { cursor }),
      })) {
        found.push(page);
        if (found.length === most) break;
      }
      return found;
    };
    const begun = await read(engagement.prospects, 3);
    const rest = await read(engagement.prospects, 100, begun.at(-1)?.cursor);
    const ids = [...begun, ...rest].flatMap(({ records }) => records.contact ?? []);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(9);
    expect(unit.count("POST exports")).toBe(1);
    const gone = { ...begun[0]?.cursor, run: { ...(begun[0]?.cursor.run as object), job: 4711 } };
    const anew = await read(engagement.prospects, 100, gone);
    const all = anew.flatMap(({ records }) => records.contact ?? []);
    expect(new Set(all.map(({ id }) => id)).size).toBe(9);
  });
});

describe("activities and list e-mails", () => {
  it("become engagements and campaigns", async () => {
    await open();
    const [ada] = unit.addProspects([{ email: "ada@example.com" }]);
    const [letter, receipt] = unit.addListEmails([
      {
        name: "May",
        subject: "Spring is here",
        sentAt: started,
        stats: { sent: 3, uniqueOpens: 2 },
      },
      { name: "Receipt", subject: "Thanks", sentAt: started, isOperational: true },
    ]) as [number, number];
    const one = (type: number, typeName: string, more = {}) => ({
      prospectId: ada as number,
      type,
      typeName,
      at: started,
      ...more,
    });
    unit.addActivities([
      one(6, "Email", { listEmailId: letter }),
      one(11, "Email", { listEmailId: letter }),
      one(4, "Form", { formId: 7 }),
      one(20, "Visit"),
      one(7, "Site Search"),
      { type: 2, typeName: "Page View", at: started },
    ]);
    const { found } = await readAll(engagement.activities);
    expect(found.engagement?.map(({ type, campaign }) => [type, campaign])).toEqual([
      ["sent", String(letter)],
      ["open", String(letter)],
      ["form", "form:7"],
      ["visit", undefined],
    ]);
    expect(found.engagement?.[0]).toMatchObject({ contact: String(ada), at: started });
    const campaigns = (await readAll(engagement.campaigns)).found.campaign;
    expect(campaigns).toEqual([
      {
        id: String(letter),
        channel: "email",
        kind: "marketing",
        name: "May",
        subject: "Spring is here",
        sentAt: started,
      },
      {
        id: String(receipt),
        channel: "email",
        kind: "transactional",
        name: "Receipt",
        subject: "Thanks",
        sentAt: started,
      },
    ]);
    const stats = await engagement.listEmailStats(String(letter), context);
    expect(stats).toMatchObject({ sent: 3, uniqueOpens: 2, spamComplaints: 0 });
    const none = await failed(() => engagement.listEmailStats("1", context));
    expect(none.code).toBe("not-found");
  });
});

describe("the business unit", () => {
  it("is told by check, and refuses what is wrong by name", async () => {
    await open({ daily: 100 });
    const items = await engagement.check(context);
    expect(items.filter(({ ok }) => !ok)).toEqual([]);
    expect(items.map(({ name }) => name)).toEqual([
      "login",
      "prospects",
      "limits",
      "clock",
      "activities",
      "list e-mails",
      "custom fields",
      "imports",
    ]);
    expect(items.find(({ name }) => name === "limits")?.message).toContain("99 left");
    const other = accountEngagement({ ...loginOf(unit), businessUnitId: "0Uv000000000009AAA" });
    const [, wrong] = await other.check(context);
    expect(wrong).toMatchObject({ ok: false, code: "config" });
    expect(wrong?.hint).toContain("pi.demo.pardot.com");
    expect(() => accountEngagement({ ...loginOf(unit), businessUnitId: "0U1" })).toThrow(/0Uv/);
    expect(await other.prospects.identify?.(context)).not.toBe(
      await engagement.prospects.identify?.(context),
    );
  });

  it("shares a login, whose refresh tokens rotate, with Salesforce", async () => {
    await open();
    unit.addProspects([{ email: "ada@example.com" }]);
    const { clientId, refreshToken } = unit.oauth;
    const org = salesforce({ loginUrl: unit.url, clientId, refreshToken });
    const shared = accountEngagement({
      login: org.login,
      baseUrl: unit.url,
      businessUnitId: unit.businessUnitId,
    });
    expect(await org.contacts.identify?.(context)).toContain("00D");
    expect((await readAll(shared.prospects)).found.contact).toHaveLength(1);
    unit.expireToken();
    await Promise.all([readAll(shared.prospects), readAll(shared.prospects)]);
    expect(unit.count("oauth2/token 200")).toBe(2);
  });

  it("renews a token that ends in the middle, and says nothing secret when it cannot", async () => {
    await open({}, { pageSize: 1 });
    unit.addProspects([{ email: "ada@example.com" }, { email: "grace@example.com" }]);
    const ids: string[] = [];
    for await (const page of engagement.prospects.read({ ...context, now: Date.now() })) {
      ids.push(...(page.records.contact ?? []).map(({ id }) => id));
      unit.expireToken();
    }
    expect(ids).toHaveLength(2);
    const secrets = [unit.token, unit.oauth.clientSecret];
    for (const [faults, code] of [
      [{ sessionEnds: 1 }, "auth"],
      [{ rateLimit: 1 }, "rate-limit"],
      [{ serverError: 1 }, "server"],
      [{ dropped: 1 }, "network"],
      [{ htmlErrors: 1 }, "server"],
      [{ cut: 1 }, "network"],
    ] as const) {
      unit.setFaults(faults);
      const error = await failed(() => readAll(engagement.prospects));
      expect(error.code, JSON.stringify(faults)).toBe(code);
      for (const secret of [...secrets, unit.token]) expect(saidBy(error)).not.toContain(secret);
    }
    unit.setFaults({});
    unit.setDaily(0);
    expect(await failed(() => readAll(engagement.prospects))).toMatchObject({
      code: "quota",
      vendorCode: "122",
    });
  });
});
