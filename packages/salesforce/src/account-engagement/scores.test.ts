import type { AccountEngagementSandbox } from "@inchworm/sandbox";
import type { Field } from "@inchworm/spec";
import { afterEach, describe, expect, it } from "vitest";
import { context, failed } from "../__fixtures__/opened.js";
import type { AccountEngagement } from "../index.js";
import { opened } from "./__fixtures__/opened.js";

let unit: AccountEngagementSandbox;
let engagement: AccountEngagement;
afterEach(() => unit.close());

async function open(...given: Parameters<typeof opened>) {
  const made = await opened(...given);
  unit = made.unit;
  engagement = made.engagement;
}

const chance: Field = {
  name: "chance",
  label: "Chance",
  description: "How likely.",
  type: "number",
  decimals: 2,
};
const why: Field = { name: "why", label: "Why", description: "Why.", type: "text" };
const fields = [chance, why];

const people = (count: number, more: Readonly<Record<string, unknown>> = {}) =>
  unit
    .addProspects(
      Array.from({ length: count }, (_, at) => ({ email: `p${at}@example.com`, ...more })),
    )
    .map(String);
const held = (id: string | undefined) => unit.prospect(Number(id))?.fields ?? {};

describe("writing scores", () => {
  it.each([
    ["a request each", 10],
    ["an import", 0],
  ])(
    "by %s sends our fields alone, and leaves everything else as it was",
    async (_, directAtMost) => {
      await open({}, { directAtMost });
      const ids = people(6, { optedOut: true, isDoNotEmail: true, score: 40, city: "London" });
      const before = ids.map((id) => held(id));
      await engagement.scores.prepare(fields, context);
      const outcomes = await engagement.scores.write(
        ids.map((recordId, at) => ({ recordId, values: { chance: at / 10, why: "so" } })),
        context,
      );
      expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["updated"]));
      for (const [at, id] of ids.entries()) {
        const { inchworm_chance__c, inchworm_why__c, ...rest } = held(id);
        expect([inchworm_chance__c, inchworm_why__c]).toEqual([String(at / 10), "so"]);
        expect(rest).toEqual(before[at]);
      }
      expect(Object.keys(unit.requests.fieldsSent).sort()).toEqual([
        "inchworm_chance__c",
        "inchworm_why__c",
      ]);
      const sent = unit.log.map(({ body = "" }) => body).join("\n");
      expect(sent).not.toMatch(/opted|email|@|isReviewed|"score"/i);
      expect(unit.created).toEqual([]);
    },
  );

  it("leaves fields alone that a row of an import does not name, and clears what is null", async () => {
    await open({}, { directAtMost: 1 });
    const ids = people(6);
    await engagement.scores.prepare(fields, context);
    const all = ids.map((recordId) => ({ recordId, values: { chance: 0.5, why: "first" } }));
    await engagement.scores.write(all, context);
    const outcomes = await engagement.scores.write(
      ids.map((recordId, at) => ({
        recordId,
        values: at < 3 ? { chance: 0.75 } : { chance: null, why: `"second", ${at}` },
      })),
      context,
    );
    expect(outcomes.every(({ outcome }) => outcome === "updated")).toBe(true);
    expect(held(ids[0])).toMatchObject({ inchworm_chance__c: "0.75", inchworm_why__c: "first" });
    expect(held(ids[4]).inchworm_chance__c).toBeUndefined();
    expect(held(ids[4]).inchworm_why__c).toBe('"second", 4');
    expect(unit.count("POST imports 201")).toBe(3);
  });

  it("makes nobody of an id that is gone, and says so row by row", async () => {
    await open({}, { directAtMost: 2 });
    const ids = people(5);
    await engagement.scores.prepare(fields, context);
    unit.delete(Number(ids[1]));
    unit.erase(Number(ids[2]));
    const rows = [...ids, "0", "x1"].map((recordId) => ({ recordId, values: { chance: 0.5 } }));
    const outcomes = await engagement.scores.write(rows, context);
    expect(outcomes.map(({ code }) => code)).toEqual([
      undefined,
      "gone",
      "gone",
      undefined,
      undefined,
      "INVALID_ID",
      "INVALID_ID",
    ]);
    const few = await engagement.scores.write(rows.slice(1, 3), context);
    expect(few.map(({ code }) => code)).toEqual(["gone", "gone"]);
    expect(unit.created).toEqual([]);
  });

  it("tells by reading what became of updates whose answers were lost", async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 12; seed++) {
      await open({ seed }, { directAtMost: 8 });
      const ids = people(8);
      await engagement.scores.prepare(fields, context);
      unit.setFaults({ dropped: 0.4 });
      const rows = ids.map((recordId) => ({ recordId, values: { chance: 0.5 } }));
      const outcomes = await engagement.scores.write(rows, context);
      for (const { recordId, outcome } of outcomes) {
        seen.add(outcome);
        expect(["updated", "unknown"]).toContain(outcome);
        if (outcome === "updated") expect(held(recordId).inchworm_chance__c).toBe("0.5");
      }
      await unit.close();
    }
    expect(seen).toEqual(new Set(["updated", "unknown"]));
  });

  it("does not wait for an import for ever, and writes nothing new while it is worked on", async () => {
    let time = Date.UTC(2026, 4, 1);
    await open({ jobMs: 1000, now: () => time }, { directAtMost: 0, jobWaitMs: 0 });
    const ids = people(3);
    await engagement.scores.prepare(fields, context);
    const rows = ids.map((recordId) => ({ recordId, values: { chance: 0.5 } }));
    const outcomes = await engagement.scores.write(rows, context);
    expect(outcomes).toEqual(
      ids.map((recordId) => expect.objectContaining({ recordId, outcome: "unknown" })),
    );
    const busy = await failed(() => engagement.scores.prepare(fields, context));
    expect(busy).toMatchObject({ code: "server" });
    time += 2000;
    await engagement.scores.prepare(fields, context);
    expect(await engagement.scores.read(ids, [chance], context)).toEqual(
      ids.map(() => ({ chance: 0.5 })),
    );
  });

  it("finds nobody by an address that several share, or in the recycle bin", async () => {
    await open({ chainRecords: 2 });
    const [ada, , , bin] = unit.addProspects(
      ["ada", "twin", "TWIN", "bin"].map((name) => ({ email: `${name}@example.com` })),
    );
    unit.delete(bin as number);
    const emails = ["twin", "bin", "Ada", "none"].map((name) => `${name}@example.com`);
    const found = await engagement.scores.resolve(emails, context);
    expect(found).toEqual([undefined, undefined, String(ada), undefined]);
  });
});

describe("custom fields", () => {
  it("are named, with what to do, where the user may not make them", async () => {
    await open({ mayConfigureFields: false });
    for (const dryRun of [true, false]) {
      const error = await failed(() => engagement.scores.prepare(fields, { ...context, dryRun }));
      expect(error.code).toBe("scope");
      expect(error.message).toContain("inchworm_chance (Number), inchworm_why (Textarea)");
      expect(error.hint).toContain("Configure Fields");
      expect(error.hint).toContain("Prospect Fields");
    }
    const [item] = (await engagement.check(context)).filter(({ ok }) => !ok);
    expect(item).toMatchObject({ name: "custom fields", code: "scope" });
  });

  it("suffice for those who may not import, as long as they write few", async () => {
    await open({ mayImport: false }, { directAtMost: 2 });
    const ids = people(3);
    await engagement.scores.prepare(fields, context);
    const rows = ids.map((recordId) => ({ recordId, values: { chance: 0.5 } }));
    const few = await engagement.scores.write(rows.slice(0, 2), context);
    expect(few.map(({ outcome }) => outcome)).toEqual(["updated", "updated"]);
    const error = await failed(() => engagement.scores.write(rows, context));
    expect(error).toMatchObject({ code: "scope" });
    expect(error.message).toContain("Prospects > Import");
  });

  it("that vanish in the middle fail the rows, or the import, and say so", async () => {
    await open({}, { directAtMost: 2 });
    const ids = people(3);
    await engagement.scores.prepare(fields, context);
    unit.deleteField("inchworm_chance__c");
    const rows = ids.map((recordId) => ({ recordId, values: { chance: 0.5 } }));
    const [one] = await engagement.scores.write(rows.slice(0, 1), context);
    expect(one).toMatchObject({ outcome: "failed", retryable: false });
    const error = await failed(() => engagement.scores.write(rows, context));
    expect(error.code).toBe("rejected");
  });
});
