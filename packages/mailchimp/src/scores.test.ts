import type { MailchimpStatus } from "@inchworm/sandbox";
import type { WriteRow } from "@inchworm/spec";
import { afterEach, describe, expect, it } from "vitest";
import { account, fields, refused } from "./__fixtures__/account.js";

let world: Awaited<ReturnType<typeof account>>;
afterEach(() => world?.sandbox.close());

const statuses: readonly MailchimpStatus[] = [
  "subscribed",
  "transactional",
  "unsubscribed",
  "cleaned",
  "pending",
  "archived",
];
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    email: `person${index}@example.com`,
    status: statuses[index % statuses.length] as MailchimpStatus,
    tags: ["VIP"],
    mergeFields: { FNAME: `P${index}`, PHONE: "555" },
    language: "de",
  }));
const row = (recordId: string, probability: number | null = 0.25): WriteRow => ({
  recordId,
  values: { churn_probability: probability, churn_band: probability === null ? null : "low" },
});

describe.each([
  ["one by one", 100],
  ["as a batch", 0],
])("writing %s", (_, directAtMost) => {
  const open = async (count: number, more: object = {}) => {
    world = await account(people(count), more, { directAtMost });
    await world.adapter.scores.prepare(fields, world.context);
    return world;
  };

  it("skips who is not subscribed, and touches nothing that is not ours", async () => {
    const { sandbox, ids, adapter, context } = await open(12);
    const before = [...sandbox.members()];
    const outcomes = await adapter.scores.write(
      ids.map((id) => row(id)),
      context,
    );
    expect(outcomes.map(({ outcome, code }) => code ?? outcome)).toEqual([
      ...["updated", "updated", "unsubscribed", "cleaned", "pending", "archived"],
      ...["updated", "updated", "unsubscribed", "cleaned", "pending", "archived"],
    ]);
    for (const [index, old] of before.entries()) {
      const { mergeFields, changedAt, ...rest } = sandbox.member(ids[index] as string) ?? {};
      const { mergeFields: had, changedAt: was, ...same } = old;
      expect(rest).toEqual(same);
      const ours = index % 6 < 2;
      if (!ours) expect(changedAt).toBe(was);
      expect(Object.keys(mergeFields ?? {})).toHaveLength(Object.keys(had).length + (ours ? 2 : 0));
      expect(mergeFields).toMatchObject(had);
    }
    expect(Object.keys(sandbox.requests.memberKeysSent)).toEqual(["merge_fields"]);
    expect(sandbox.created).toEqual([]);
    expect(sandbox.tagWrites).toEqual([]);
  });

  it("clears the score of somebody who has unsubscribed, for it must not outlive the permission", async () => {
    const { sandbox, ids, adapter, context } = await open(6);
    sandbox.setStatus(ids[0] as string, "subscribed");
    await adapter.scores.write([row(ids[0] as string)], context);
    sandbox.setStatus(ids[0] as string, "unsubscribed");
    await adapter.scores.prepare(fields, context);
    const cleared = await adapter.scores.write(
      ids.map((id) => row(id, null)),
      context,
    );
    expect(cleared.map(({ outcome }) => outcome)).toEqual([
      ...["updated", "updated", "updated", "skipped", "updated", "skipped"],
    ]);
    expect(sandbox.member(ids[0] as string)).toMatchObject({
      status: "unsubscribed",
      mergeFields: { FNAME: "P0", PHONE: "555" },
    });
    expect(Object.keys(sandbox.member(ids[0] as string)?.mergeFields ?? {})).toHaveLength(2);
  });

  it("goes past required fields that somebody left empty", async () => {
    const must = { mergeFields: [{ tag: "MUST", required: true }] };
    const { ids, adapter, context } = await open(1, must);
    const [outcome] = await adapter.scores.write([row(ids[0] as string)], context);
    expect(outcome?.outcome).toBe("updated");
  });

  it("says that a field was deleted meanwhile", async () => {
    const { sandbox, ids, adapter, context } = await open(1);
    const [own] = sandbox.mergeFields.filter((name) => name.startsWith("IW_"));
    sandbox.deleteMergeField(own as string);
    const error = await refused(sandbox, () =>
      adapter.scores.write([row(ids[0] as string)], context),
    );
    expect(error).toMatchObject({ code: "rejected", message: expect.stringContaining(`${own}`) });
  });

  it("finds somebody who has moved to another address under the same id", async () => {
    const { sandbox, ids, adapter, context } = await open(1);
    sandbox.changeEmail(ids[0] as string, "elsewhere@example.com");
    const [outcome] = await adapter.scores.write([row(ids[0] as string)], context);
    expect(outcome?.outcome).toBe("updated");
    const emails = ["elsewhere@example.com", "person0@example.com"];
    expect(await adapter.scores.resolve(emails, context)).toEqual([ids[0], undefined]);
  });

  it("tells who is gone", async () => {
    const { sandbox, ids, adapter, context } = await open(2);
    sandbox.forget(ids[1] as string);
    const outcomes = await adapter.scores.write(
      ids.map((id) => row(id)),
      context,
    );
    expect(outcomes.map(({ code }) => code)).toEqual([undefined, "gone"]);
    expect(await adapter.scores.read(ids, fields, context)).toEqual([
      { churn_probability: 0.25, churn_band: "low" },
      undefined,
    ]);
  });
});

describe("batches", () => {
  const open = async (count: number, sandboxOptions: object = {}, options: object = {}) => {
    const subscribed = people(count).map((person) => ({
      ...person,
      status: "subscribed" as const,
    }));
    world = await account(subscribed, sandboxOptions, { directAtMost: 0, ...options });
    await world.adapter.scores.prepare(fields, world.context);
    return world;
  };

  it("are found again when the answer to their submission was lost, and never submitted twice", async () => {
    const { sandbox, ids, adapter, context } = await open(20);
    let lost = 0;
    const gate = { ...context.gate };
    const losing: typeof gate = {
      ...gate,
      request: (request, call) =>
        gate.request(request, async (signal) => {
          const answer = await call(signal);
          if (request.label === "POST /batches" && lost++ === 0) {
            const { InchwormError } = await import("@inchworm/spec");
            throw new InchwormError("network", "the answer was lost");
          }
          return answer;
        }),
    };
    // somebody else's batch of the same size, submitted in between
    await fetch(`${sandbox.url}/3.0/batches`, {
      method: "POST",
      headers: { authorization: `Bearer ${sandbox.apiKey}` },
      body: JSON.stringify({ operations: ids.map(() => ({ method: "GET", path: "/ping" })) }),
    });
    const outcomes = await adapter.scores.write(
      ids.map((id) => row(id)),
      { gate: losing },
    );
    expect(outcomes.every(({ outcome }) => outcome === "updated")).toBe(true);
    expect(lost).toBe(1);
    expect(sandbox.batches.submitted).toBe(2);
  });

  it("are submitted again when they never arrived", async () => {
    const { sandbox, ids, adapter, context } = await open(20);
    let lost = 0;
    const gate: typeof context.gate = {
      ...context.gate,
      request: async (request, call) => {
        if (request.label === "POST /batches" && lost++ === 0) {
          const { InchwormError } = await import("@inchworm/spec");
          throw new InchwormError("network", "it never arrived");
        }
        return context.gate.request(request, call);
      },
    };
    const outcomes = await adapter.scores.write(
      ids.map((id) => row(id)),
      { gate },
    );
    expect(outcomes.every(({ outcome }) => outcome === "updated")).toBe(true);
    expect(sandbox.batches.submitted).toBe(1);
  });

  it("tell which of their operations failed, and which another try can help", async () => {
    const { sandbox, ids, adapter, context } = await open(60);
    sandbox.setFaults({ operationError: 0.3 });
    const outcomes = await adapter.scores.write(
      ids.map((id) => row(id)),
      context,
    );
    const bad = outcomes.filter(({ outcome }) => outcome !== "updated");
    expect(bad.length).toBeGreaterThan(5);
    expect(bad.length).toBeLessThan(40);
    for (const { outcome, retryable } of bad) {
      expect(["failed", "unknown"]).toContain(outcome);
      expect(retryable).toBe(true);
    }
    for (const [index, { outcome }] of outcomes.entries()) {
      const held = Object.keys(sandbox.member(ids[index] as string)?.mergeFields ?? {});
      expect(held.length).toBe(outcome === "updated" ? 4 : 2);
    }
  });

  it("that do not end in time leave their rows unknown", async () => {
    const { ids, adapter, context } = await open(20, { batchMs: 60_000 }, { batchWaitMs: 30 });
    const outcomes = await adapter.scores.write(
      ids.map((id) => row(id)),
      context,
    );
    expect(outcomes.every(({ outcome }) => outcome === "unknown")).toBe(true);
    const again = await refused(world.sandbox, () => adapter.scores.prepare(fields, context));
    expect(again).toMatchObject({ code: "server", hint: expect.stringContaining("Push again") });
  });

  it("of a push that was killed are waited for before the next one writes", async () => {
    const { sandbox, ids, adapter, open: reopen, context } = await open(20, { batchMs: 150 });
    const killed = new AbortController();
    const writing = adapter.scores
      .write(
        ids.map((id) => row(id, 0.9)),
        { ...context, signal: killed.signal },
      )
      .catch(() => undefined);
    while (sandbox.batches.submitted === 0) await new Promise((done) => setTimeout(done, 2));
    killed.abort();
    await writing;
    const { scores } = reopen();
    await scores.prepare(fields, context);
    expect(sandbox.batches.running).toBe(0);
    await scores.write(
      ids.map((id) => row(id, 0.1)),
      context,
    );
    const read = await scores.read(ids, fields, context);
    expect(read.every((values) => values?.churn_probability === 0.1)).toBe(true);
  });
});
