import type { SalesforceSandbox } from "@inchworm/sandbox";
import type { Field } from "@inchworm/spec";
import { afterEach, expect, it } from "vitest";
import { context, failed, opened } from "../__fixtures__/opened.js";

const chance: Field = {
  name: "chance",
  label: "Chance",
  description: "How likely.",
  type: "number",
  decimals: 2,
};
const reason: Field = { name: "reason", label: "Reason", description: "Why.", type: "text" };
const fields = [chance, reason];
const fast = { poll: { perMs: 1 }, bulk: { perMs: 1 } };

let org: SalesforceSandbox;
afterEach(() => org?.close());
async function open(options: Parameters<typeof opened>[0] = {}) {
  const made = await opened(options, { writing: "bulk", jobRows: 1000, limits: fast });
  org = made.org;
  await made.sales.scores.prepare(fields, context);
  return made.sales.scores;
}
const people = (count: number) =>
  org.addRecords(
    "Contact",
    Array.from({ length: count }, (_, index) => ({ LastName: `P${index}` })),
  );
const job = async (id: string, init: RequestInit = {}) =>
  fetch(`${org.url}/services/data/v60.0/jobs/ingest${id}`, {
    ...init,
    headers: {
      authorization: `Bearer ${org.token}`,
      "content-type": "application/json",
      ...init.headers,
    },
  });

it("carries values, empty ones and clearings as they are, and tells each row in order", async () => {
  const scores = await open();
  const ids = people(400);
  const values = (index: number) =>
    index % 2 ? { chance: 0.5, reason: 'Grüße, "日本"\n;| 🐛' } : { chance: 0.25 };
  const first = await scores.write(
    ids.map((recordId, index) => ({ recordId, values: values(index) })),
    context,
  );
  expect(first.map(({ recordId, outcome }) => [recordId, outcome])).toEqual(
    ids.map((id) => [id, "updated"]),
  );
  expect(await scores.read(ids.slice(0, 2), fields, context)).toEqual([
    { chance: 0.25, reason: null },
    { chance: 0.5, reason: 'Grüße, "日本"\n;| 🐛' },
  ]);
  const rows = ids.map((recordId, index) => ({
    recordId,
    values: index % 2 ? { reason: null } : { chance: 1 },
  }));
  await scores.write(rows, context);
  // what a row does not name stays, what it clears is empty
  expect(await scores.read(ids.slice(0, 2), fields, context)).toEqual([
    { chance: 1, reason: null },
    { chance: 0.5, reason: null },
  ]);
  expect(org.count("DELETE")).toBe(0);
});

it("tells rows that failed, were merged or are gone from those that were written", async () => {
  const scores = await open();
  const ids = people(300) as string[];
  const [survivor, merged, gone, large] = ids as [string, string, string, string];
  org.merge(survivor, merged);
  org.delete(gone);
  const unknown = `${survivor.slice(0, 7)}99999999AAA`;
  const rows = [...ids, unknown].map((recordId) => ({
    recordId,
    values: { chance: recordId === large ? 1e17 : 0.5 },
  }));
  const outcomes = new Map((await scores.write(rows, context)).map((one) => [one.recordId, one]));
  expect(outcomes.get(merged)).toMatchObject({ outcome: "skipped", code: "merged" });
  expect(outcomes.get(gone)).toMatchObject({ outcome: "failed", code: "gone" });
  expect(outcomes.get(unknown)).toMatchObject({ outcome: "failed", code: "gone" });
  expect(outcomes.get(large)).toMatchObject({
    outcome: "failed",
    code: "NUMBER_OUTSIDE_VALID_RANGE",
    retryable: false,
  });
  expect([...outcomes.values()].filter(({ outcome }) => outcome === "updated")).toHaveLength(297);

  org.setFaults({ lockedRows: 1 });
  const again = await scores.write(
    ids.slice(4).map((recordId) => ({ recordId, values: { chance: 0.75 } })),
    context,
  );
  const locked = again.filter(({ code }) => code === "UNABLE_TO_LOCK_ROW");
  expect(locked.length).toBe(Math.ceil(296 / 3));
  expect(locked.every(({ retryable }) => retryable === true)).toBe(true);
});

it("gives back rows of a job that somebody aborted", async () => {
  const scores = await open({ jobMs: 300 });
  const ids = people(250);
  const writing = scores.write(
    ids.map((recordId) => ({ recordId, values: { chance: 0.5 } })),
    context,
  );
  const running = async (): Promise<string | undefined> => {
    const { records } = (await (await job("")).json()) as {
      records: { id: string; state: string }[];
    };
    return records.find(({ state }) => state !== "Open")?.id;
  };
  let id: string | undefined;
  while (id === undefined) id = await running();
  await job(`/${id}`, { method: "PATCH", body: JSON.stringify({ state: "Aborted" }) });
  const outcomes = await writing;
  expect(
    outcomes.every(
      ({ outcome, code, retryable }) => outcome === "failed" && code === "unprocessed" && retryable,
    ),
  ).toBe(true);
});

it("fails as a whole when a field is gone, and says so", async () => {
  const scores = await open();
  const ids = people(250);
  org.deleteField("Contact", "inchworm_chance__c");
  const error = await failed(() =>
    scores.write(
      ids.map((recordId) => ({ recordId, values: { chance: 0.5 } })),
      context,
    ),
  );
  expect(error).toMatchObject({
    code: "rejected",
    vendorCode: "JobFailed",
    message: expect.stringMatching(/Field name not found : inchworm_chance__c/),
  });
});

it("waits for a job that a killed process has left, so that old scores never come after new ones", async () => {
  const scores = await open({ jobMs: 150 });
  const [id] = people(1) as [string];
  const left = (await (
    await job("", {
      method: "POST",
      body: JSON.stringify({ object: "Contact", operation: "update" }),
    })
  ).json()) as { id: string };
  await job(`/${left.id}/batches`, {
    method: "PUT",
    headers: { "content-type": "text/csv" },
    body: `Id,inchworm_chance__c\n${id},0.1\n`,
  });
  // one that was never closed is never worked on, and nobody waits for it
  await job("", {
    method: "POST",
    body: JSON.stringify({ object: "Contact", operation: "update" }),
  });
  await job(`/${left.id}`, { method: "PATCH", body: JSON.stringify({ state: "UploadComplete" }) });
  await scores.prepare(fields, context);
  expect(org.record(id)?.fields.inchworm_chance__c).toBe(0.1);
  await scores.write([{ recordId: id, values: { chance: 0.9 } }], context);
  expect(org.record(id)?.fields.inchworm_chance__c).toBe(0.9);
});

it("takes an upload or a closing that was done before its answer was lost as done", async () => {
  const scores = await open();
  const ids = people(250);
  // whatever breaks, the gate sends it again; here by hand
  const gate = {
    observe() {},
    async request<T>(_: unknown, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const { signal } = new AbortController();
      const answer = await call(signal);
      if (
        String((_ as { label: string }).label).startsWith("PUT") ||
        /^PATCH \/jobs/.test(String((_ as { label: string }).label))
      )
        return call(signal);
      return answer;
    },
  };
  const outcomes = await scores.write(
    ids.map((recordId) => ({ recordId, values: { chance: 0.5 } })),
    { gate },
  );
  expect(outcomes.every(({ outcome }) => outcome === "updated")).toBe(true);
});
