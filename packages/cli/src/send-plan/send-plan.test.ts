import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../program.js";
import { campaignOf } from "./campaign.js";
import { peopleIn } from "./people.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-send-plan-"));
const store = join(folder, "shop.duckdb");
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  const shop = await openStore(store);
  const contact = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", undefined].map(
    (timeZone, index) => ({
      id: `${index}`,
      email: `p${index}@example.com`,
      ...(timeZone && { timeZone }),
    }),
  );
  const consent = [{ contact: "3", purpose: "email", status: "denied", at: 1 } as const];
  await shop.ingest(
    { name: "crm:all", system: "crm" },
    { records: { contact, consent }, cursor: {} },
  );
  await shop.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function command(...args: string[]) {
  const lines: string[] = [];
  const write = (text: unknown) => lines.push(String(text)) > 0;
  const out = vi.spyOn(process.stdout, "write").mockImplementation(write);
  const err = vi.spyOn(process.stderr, "write").mockImplementation(write);
  try {
    const code = await run(["send-plan", ...args, "--store", store]);
    return { code, said: lines.join("") };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

describe("send-plan", () => {
  it("says who gets it when, and writes files", async () => {
    const files = ["--out", inFolder("plan.csv"), "--segments", inFolder("segments")];
    const { code, said } = await command("spring", "--explore", "0", "--json", ...files);
    expect(code).toBe(0);
    const { plan, files: written } = JSON.parse(said);
    expect(plan).toMatchObject({
      campaign: "spring",
      messages: 3,
      arms: { personal: 0, everyone: 3, random: 0 },
      skipped: { "no consent": 1 },
    });
    const segments = plan.segments as { name: string; people: number }[];
    expect(segments.every(({ name }) => /^\w{3}-10$/.test(name))).toBe(true);
    expect(segments.reduce((sum, { people }) => sum + people, 0)).toBe(3);
    const lines = readFileSync(inFolder("plan.csv"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(
      /^p0@example\.com,\w{3}-10,.+Z,.+T10:00:00,Europe\/Berlin,everyone,1$/,
    );
    const people = readdirSync(inFolder("segments")).flatMap((name) =>
      readFileSync(join(inFolder("segments"), name), "utf8")
        .trimEnd()
        .split("\n")
        .slice(1),
    );
    expect(people.sort()).toEqual(["p0@example.com", "p1@example.com", "p2@example.com"]);
    expect(written).toHaveLength(1 + segments.length);
    expect((await command("spring", "--explore", "0")).said).toMatch(
      /3 messages in \d batches[\s\S]*0 at people's own best hour, 3 at the best for everyone[\s\S]*not sent, no consent: 1/,
    );
  });

  it("takes people from a file", async () => {
    writeFileSync(
      inFolder("people.csv"),
      '\ufeffemail;name\r\n"P1@example.com";One\r\ncrm:2;Two\r\n',
    );
    const list = ["list", "--people", inFolder("people.csv"), "--json"];
    // what is planned of another campaign counts for the limits
    const { plan } = JSON.parse((await command(...list)).said);
    expect(plan.skipped).toEqual({ "had as many messages as the limits allow": 2 });
    expect(JSON.parse((await command(...list, "--cap", "none")).said).plan.messages).toBe(2);
    expect(await peopleIn(inFolder("people.csv"))).toEqual(["P1@example.com", "crm:2"]);
  });

  it.each([
    [["a", "--quiet", "evening"], /--quiet takes two hours/],
    [["a", "--cap", "3"], /--cap takes messages and days/],
    [["a", "--explore", "2"], /--explore must be a number from 0 to 1/],
    [["a", "--from", "tomorrow"], /--from is no time with its zone/],
    [["a", "--hours", "169"], /"hours" must be a whole number from 1 to 168/],
    [["a", "--channel", "pigeon"], /no channel "pigeon"/],
    [["a", "--people", join(folder, "nobody.csv")], /cannot be read \(ENOENT\)/],
    [[], /missing required argument/],
  ])("refuses %j in one line", async (args, message) => {
    const { code, said } = await command(...args);
    expect(code).toBe(2);
    expect(said).toMatch(message);
  });

  it("reads limits as people write them", () => {
    const given = {
      channel: "email",
      quiet: "22-7",
      cap: ["1/1", "4/14"],
      gap: 90,
      from: "2025-06-01",
    };
    expect(campaignOf("a", given)).toEqual({
      id: "a",
      channel: "email",
      from: Date.UTC(2025, 5, 1),
      quietHours: { from: 22, to: 7 },
      caps: {
        volume: [
          { most: 1, days: 1 },
          { most: 4, days: 14 },
        ],
        gapMinutes: 90,
      },
    });
    expect(campaignOf("a", { channel: "sms", quiet: "none", cap: ["none"] })).toEqual({
      id: "a",
      channel: "sms",
      quietHours: false,
      caps: false,
    });
  });
});
