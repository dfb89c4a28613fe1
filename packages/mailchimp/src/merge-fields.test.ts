import { afterEach, describe, expect, it } from "vitest";
import { account, fields, refused } from "./__fixtures__/account.js";

let world: Awaited<ReturnType<typeof account>>;
afterEach(() => world?.sandbox.close());

const ada = [{ email: "ada@example.com" }];

describe("merge fields", () => {
  it("have names that stay the same, and can be of one's own choosing", async () => {
    world = await account(ada, {}, { mergeTags: { churn_band: "CHURN" } });
    const { adapter, context, sandbox, open } = world;
    const { missing } = await adapter.scores.prepare(fields, context);
    expect(missing).toEqual([expect.stringMatching(/^IW_CHRN[0-9A-Z]{3}$/), "CHURN"]);
    expect(await open().scores.prepare(fields, { ...context, dryRun: true })).toEqual({
      missing: [],
      present: missing,
    });
    expect(sandbox.mergeFields).toEqual(expect.arrayContaining([...missing]));
    const answer = await fetch(
      `${sandbox.url}/3.0/lists/${sandbox.audience}/merge-fields?count=100`,
      { headers: { authorization: `Bearer ${sandbox.apiKey}` } },
    );
    const made = ((await answer.json()) as { merge_fields: object[] }).merge_fields.slice(-2);
    expect(made).toMatchObject([
      { name: "Churn probability", type: "number", public: false, required: false },
      { name: "Churn band", type: "text", public: false, required: false },
    ]);
    const same = open({ mergeTags: { churn_band: "SAME", churn_probability: "SAME" } }).scores;
    expect((await refused(sandbox, () => same.prepare(fields, context))).code).toBe("config");
  });

  it("keep to what the audience may have, and say so before anything is made", async () => {
    world = await account(ada, { mostFields: 6 }, { mostMergeFields: 6 });
    const { adapter, context, sandbox, open } = world;
    for (const dryRun of [true, false]) {
      const act = () => adapter.scores.prepare(fields, { ...context, dryRun });
      const error = await refused(sandbox, act);
      expect(error).toMatchObject({
        code: "rejected",
        message: expect.stringContaining("5 of 6 merge fields, and 2 more"),
      });
    }
    expect(sandbox.mergeFields).toHaveLength(5);
    const { scores } = open({ fields: ["churn_band"] });
    expect(fields.map((field) => scores.takes?.(field))).toEqual([false, true]);
    await scores.prepare(fields.slice(1), context);
    expect(sandbox.mergeFields).toHaveLength(6);
    // the real limit may be lower than what is set
    const more = open({ mostMergeFields: 80 }).scores;
    const late = await refused(sandbox, () => more.prepare(fields, context));
    expect(late.message).toContain("could not be created");
  });

  it("hold 255 bytes, cut between two letters", async () => {
    world = await account(ada);
    const { adapter, context, sandbox, ids } = world;
    const why = { ...(fields[1] as (typeof fields)[0]), name: "why", type: "text" as const };
    const { options: _, ...reason } = why;
    await adapter.scores.prepare([reason], context);
    const long = "é🐛".repeat(60);
    const cut = adapter.scores.fit?.(reason, long);
    expect(Buffer.byteLength(String(cut))).toBeLessThanOrEqual(255);
    expect(String(cut)).toMatch(/^(é🐛)+é?…$/u);
    await adapter.scores.write([{ recordId: ids[0] as string, values: { why: long } }], context);
    expect(sandbox.member(ids[0] as string)?.mergeFields.IW_WHY).toBe(cut);
    expect(await adapter.scores.read(ids, [reason], context)).toEqual([{ why: cut }]);
  });
});
