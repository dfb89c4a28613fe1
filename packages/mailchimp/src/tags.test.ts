import { afterEach, describe, expect, it } from "vitest";
import { account, fields, refused } from "./__fixtures__/account.js";

let world: Awaited<ReturnType<typeof account>>;
afterEach(() => world?.sandbox.close());

const [number, band] = fields as [(typeof fields)[0], (typeof fields)[0]];

describe.each([
  ["one by one", 100],
  ["as batches", 0],
])("tags, %s", (_, directAtMost) => {
  it("say a choice, take the others away, and keep still", async () => {
    world = await account(
      [
        { email: "ada@example.com", tags: ["VIP", "Churn band: low"] },
        { email: "grace@example.com", tags: ["Churn band: high"] },
        { email: "mary@example.com", status: "unsubscribed" },
      ],
      {},
      { directAtMost },
    );
    const { adapter, context, sandbox, ids } = world;
    expect(fields.map((field) => adapter.tags.takes?.(field))).toEqual([false, true]);
    await adapter.tags.prepare([band], context);
    const rows = ids.map((recordId, index) => ({
      recordId,
      values: { churn_band: index === 1 ? null : "high" },
    }));
    const outcomes = await adapter.tags.write(rows, context);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["updated", "updated", "skipped"]);
    expect(ids.map((id) => sandbox.member(id)?.tags)).toEqual([
      ["VIP", "Churn band: high"],
      [],
      [],
    ]);
    expect(await adapter.tags.read([...ids, "f".repeat(32)], [band], context)).toEqual([
      { churn_band: "high" },
      { churn_band: null },
      { churn_band: null },
      undefined,
    ]);
    expect(sandbox.tagWrites.every(({ syncing }) => syncing)).toBe(true);
    expect(new Set(sandbox.tagWrites.map(({ tag }) => tag))).toEqual(
      new Set(["Churn band: low", "Churn band: high"]),
    );
    expect(sandbox.requests.memberKeysSent).toEqual({});
    expect(sandbox.mergeFields).toHaveLength(5);
  });
});

it("refuse what was not prepared, what is no option, and numbers", async () => {
  world = await account([{ email: "ada@example.com" }]);
  const { adapter, context, sandbox, ids } = world;
  const write = (values: object) =>
    adapter.tags.write([{ recordId: ids[0] as string, values: values as never }], context);
  expect((await refused(sandbox, () => write({ churn_band: "high" }))).code).toBe("internal");
  expect((await refused(sandbox, () => adapter.tags.prepare([number], context))).code).toBe(
    "input",
  );
  await adapter.tags.prepare([band], context);
  expect(await write({ churn_band: "?" })).toMatchObject([{ outcome: "failed" }]);
  expect((await refused(sandbox, () => write({ VIP: "high" }))).code).toBe("internal");
  expect(sandbox.tagWrites).toEqual([]);
});
