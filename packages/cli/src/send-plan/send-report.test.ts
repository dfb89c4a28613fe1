import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Campaign } from "@inchworm/spec";
import { openStore } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../program.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-send-report-"));
const path = join(folder, "shop.duckdb");
const hour = 3_600_000;
const sentAt = Date.UTC(2025, 2, 3, 8);
const people = 2600;

/** Everybody got one of 13 hours by lot; at nine half answered, else one in ten. */
beforeAll(async () => {
  const store = await openStore(path);
  const records = {
    campaign: [{ id: "spring", channel: "email" } satisfies Campaign],
    contact: Array.from({ length: people }, (_, index) => ({
      id: `${index}`,
      email: `p${index}@example.com`,
    })),
  };
  await store.ingest({ name: "crm:all", system: "crm" }, { records, cursor: {} });
  const ids = Array.from({ length: people }, (_, index) => index);
  const { contacts } = await store.reachable({ channel: "email", campaign: "spring", now: sentAt });
  const at = ids.map((index) => sentAt + (index % 13) * hour);
  const rules = {
    id: "spring",
    channel: "email",
    from: sentAt,
    until: sentAt + 24 * hour,
    quiet: [{ from: 21 * 60, until: 8 * 60 }],
    caps: {},
    explore: 1,
    draws: 0,
    hour: 10,
    batchSize: 1000,
    seed: 1,
  };
  await store.saveSends(
    { id: "p", campaign: "spring", channel: "email", rules, createdAt: sentAt },
    {
      contacts,
      at: Float64Array.from(at),
      localHours: Uint8Array.from(ids, (index) => 8 + (index % 13)),
      arms: new Uint8Array(people),
      armNames: ["random"],
      propensities: new Float64Array(people).fill(1 / 13),
    },
  );
  const answered = ids.filter((index) =>
    index % 13 === 1 ? Math.floor(index / 13) % 2 === 0 : Math.floor(index / 13) % 10 === 0,
  );
  const engagement = answered.map((index) => ({
    contact: `${index}`,
    type: "open" as const,
    campaign: "spring",
    at: at[index] + hour / 2,
  }));
  await store.ingest({ name: "crm:all", system: "crm" }, { records: { engagement }, cursor: {} });
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function command(...args: string[]) {
  const lines: string[] = [];
  const write = (text: unknown) => lines.push(String(text)) > 0;
  const out = vi.spyOn(process.stdout, "write").mockImplementation(write);
  const err = vi.spyOn(process.stderr, "write").mockImplementation(write);
  try {
    return { code: await run(["send-report", ...args, "--store", path]), said: lines.join("") };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

describe("send-report", () => {
  it("tells what other hours would have brought", async () => {
    const asked = ["--policy", "9", "--policy", "15", "--policy", "random"];
    const { code, said } = await command("spring", ...asked, "--json");
    expect(code).toBe(0);
    const told = JSON.parse(said);
    expect(told).toMatchObject({ messages: people, campaigns: 1 });
    const [nine, three, lot] = told.policies;
    expect(nine).toMatchObject({ policy: "9", verdict: "estimated" });
    expect(nine.value.value).toBeCloseTo(0.5, 1);
    expect(nine.gain.low).toBeGreaterThan(0.2);
    expect(three.gain.value).toBeLessThan(0);
    expect(lot.gain.value).toBeCloseTo(0, 2);
    expect((await command(...asked)).said).toMatch(
      /9:00 for everybody: Of 2600 messages .* more than the 13\.\d % that were[\s\S]*Hours by lot: /,
    );
  });

  it.each([
    [["--policy", "evening"], /no policy "evening"/],
    [["autumn", "--policy", "9"], /no planned message of "autumn" is 24 hours old/],
    [["--policy", "personal"], /too little was known of people's hours/],
  ])("refuses %j in one line", async (args, message) => {
    const { code, said } = await command(...args);
    expect(code).toBeGreaterThan(0);
    expect(said).toMatch(message);
    const json = JSON.parse((await command(...args, "--json")).said);
    expect(json.error.message).toMatch(message);
  });
});
