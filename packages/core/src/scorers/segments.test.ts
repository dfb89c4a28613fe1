import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { madeUpShop } from "@inchworm/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uniform } from "../dataset.js";
import { openWorkspace, type Workspace } from "../workspace.js";
import { clockOf } from "./segment-time-zone.js";
import { segments } from "./segments.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-segments-"));
let workspace: Workspace;

beforeAll(async () => {
  workspace = await openWorkspace(join(folder, "shop.duckdb"));
  let page = 0;
  const shop = madeUpShop({ contacts: 700, seed: 5 });
  for (const records of shop.history())
    await workspace.store.ingest(
      { name: "shop", system: "customer" },
      { records, cursor: { page: page++ } },
    );
});
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Kept {
  readonly segmentation: { readonly data: { segments: { id: number; name: string }[] } };
}

/** Every fourth contact: asking for one's scores takes longer than anything else here. */
const asked = (contact: number): boolean => contact % 4 === 0;

/** Name and number of people's segments. */
async function scored(field: string): Promise<Map<number, string>> {
  await workspace.score();
  const found = new Map<number, string>();
  for await (const batch of workspace.store.contacts())
    for (const { contact } of batch.filter(({ contact }) => asked(contact)))
      for (const { values, abstained, reasons } of await workspace.store.scoresOf(contact)) {
        if (values[field] === undefined) continue;
        if (abstained === undefined) expect(reasons.length).toBeGreaterThan(0);
        else expect([abstained, values[field]]).toEqual(["no order yet", null]);
        found.set(contact, `${values[`${field}_id`]} ${values[field]}`);
      }
  return found;
}

describe("segments found in the data", () => {
  it("say who buys again, with ids and names that outlast a new training", async () => {
    const [card] = (await workspace.train([segments({ by: "micro", micro: 12 })])).cards;
    expect(card.verdict).toBe("published");
    expect(card.notes?.join(" ")).toMatch(/12 segments were asked for.*adjusted Rand/);
    const first = await scored("micro_segment");
    expect(new Set(first.values()).size).toBe(13); // and those without an order
    const before = (await workspace.store.model("micro-segments"))?.artifact as Kept;
    await workspace.train([segments({ by: "micro", micro: 12 })]);
    expect(await scored("micro_segment")).toEqual(first);
    const after = (await workspace.store.model("micro-segments"))?.artifact as Kept;
    expect(after.segmentation.data.segments).toEqual(before.segmentation.data.segments);
  });

  it("say so where there is one cloud, and withhold it", async () => {
    const scorer = segments({ by: "data", features: ["tenure_days"] });
    const { store } = workspace;
    const noise: typeof store.features = async (options) => {
      const table = await store.features(options);
      const values = Float32Array.from(table.contacts, (contact) => uniform(contact, 7));
      return {
        ...table,
        columns: table.columns.map((column) =>
          column.name === "tenure_days" ? { ...column, values } : column,
        ),
      };
    };
    const { last = 0 } = await store.summary();
    const history = { ...store, features: noise };
    const { card } = await scorer.train(history, { asOf: last + 1, seed: 1 });
    expect(card.verdict).toBe("withheld");
    expect(card.notes?.[0]).toMatch(/there is one segment/);
    expect(scorer.options).toEqual({ by: "data", features: ["tenure_days"] });
  });

  it("never move at scoring: a customer's segment depends on nobody else", async () => {
    const scorer = segments({ by: "micro", micro: 12 });
    const { store } = workspace;
    const model = await store.model("micro-segments");
    const { last = 0 } = await store.summary();
    const asOf = last + 1;
    const all = await scorer.score(store, model?.artifact, { asOf });
    const half: typeof store.features = async (options) => {
      const table = await store.features(options);
      const rows = [...table.contacts.keys()].filter((row) => row % 2 === 0);
      return {
        rows: rows.length,
        contacts: Int32Array.from(rows, (row) => table.contacts[row]),
        columns: table.columns.map((column) => ({
          ...column,
          values: Float32Array.from(rows, (row) => column.values[row]),
        })),
      };
    };
    const some = await scorer.score({ ...store, features: half }, model?.artifact, { asOf });
    expect(some.fields.micro_segment_id).toEqual(
      all.fields.micro_segment_id.filter((_, row) => row % 2 === 0),
    );
    await expect(scorer.score(store, { segmentation: {} }, { asOf })).rejects.toThrow(
      /no such model/,
    );
  });

  it("refuse what they cannot do", () => {
    expect(() => segments({ by: "data", features: ["shoe_size"] })).toThrow(
      'no feature "shoe_size"',
    );
    expect(() => segments({ by: "data", features: [] })).toThrow("at least one feature");
    for (const micro of [1, 201, 2.5])
      expect(() => segments({ by: "micro", micro })).toThrow("≤ 200");
    expect(() => segments({ by: "x" as never })).toThrow('no way to segment by "x"');
  });
});

describe("time-zone segments", () => {
  it("tell clocks apart by both halves of the year, however a zone is written", () => {
    const at = Date.UTC(2024, 10, 5);
    expect(clockOf("Europe/Berlin", at)).toBe("UTC+01:00, July +02:00");
    expect(clockOf(" europe_slash_paris ", at)).toBe("UTC+01:00, July +02:00");
    expect(clockOf("Australia/Sydney", at)).toBe("UTC+11:00, July +10:00");
    expect(clockOf("Asia/Kolkata", at)).toBe("UTC+05:30");
    expect(clockOf("UTC", at)).toBe("UTC+00:00");
    expect(clockOf("Mars/Olympus", at)).toBe("unknown");
    expect(clockOf("", at)).toBe("unknown");
  });

  it("reach everybody, and say where nothing is known", async () => {
    const [card] = (await workspace.train([segments({ by: "time-zone" })])).cards;
    expect(card).toMatchObject({ scorer: "time-zones", verdict: "published" });
    await workspace.score();
    const found = new Map<string, string>();
    for await (const batch of workspace.store.contacts())
      for (const { contact, timeZone } of batch) {
        if (!asked(contact)) continue;
        const score = (await workspace.store.scoresOf(contact)).find(
          ({ scorer }) => scorer === "time-zones",
        );
        if (!score) continue;
        const group = String(score.values.time_zone_segment);
        found.set(timeZone ?? "none", group);
        expect(score.reasons).toEqual([
          timeZone === undefined ? "no time zone is known" : `lives by ${timeZone}`,
        ]);
      }
    expect(found.size).toBeGreaterThan(0);
    for (const [zone, group] of found)
      if (zone === "none") expect(group).toBe("unknown");
      else expect(group).toMatch(/^UTC[+-]\d\d:\d\d/);
  });
});
