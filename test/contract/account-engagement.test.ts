import { existsSync, readFileSync } from "node:fs";
import { accountEngagement } from "@inchworm/salesforce";
import { type AccountEngagementSandbox, accountEngagementSandbox } from "@inchworm/sandbox";
import type { Field } from "@inchworm/spec";
import { accountGate } from "@inchworm/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const spec = new URL(
  "../../../shared/specs/salesforce/pardot-v5.ballerina.openapi.yaml",
  import.meta.url,
);

interface Operation {
  readonly parameters: readonly string[];
  /** What the description's example asks for with `fields`. */
  readonly fields: readonly string[];
}

/** Operations of the description by method and path. It is laid out as plainly as this reading of it needs. */
function operations(): ReadonlyMap<string, Operation> {
  const text = readFileSync(spec, "utf8").replace(/[ \t]+$/gm, "");
  const [before = "", components = ""] = text.split(/^components:$/m);
  const paths = before.split(/^paths:$/m)[1] ?? "";
  const shared = new Map(
    [...components.matchAll(/^ {4}(\w+):\n {6}name: (\w+)$/gm)].map(([, key, name]) => [key, name]),
  );
  const found = new Map<string, Operation>();
  for (const [, path, block = ""] of paths.matchAll(/^ {2}(\/\S+):\n((?: {4}.*\n|\s*\n)+)/gm)) {
    for (const [, method = "", body = ""] of block.matchAll(
      /^ {4}(get|post|patch|delete):\n((?: {6}.*\n|\s*\n)+)/gm,
    )) {
      const own = [...body.matchAll(/- name: (\w+)\n\s+in: query/g)].map(([, name]) => name ?? "");
      const refs = [...body.matchAll(/components\/parameters\/(\w+)/g)].map(
        ([, key]) => shared.get(key) ?? "",
      );
      const [, example = ""] = body.match(/name: fields[\s\S]*?example: (.*)/) ?? [];
      const fields = example.split(",").map((name) => name.trim());
      found.set(`${method.toUpperCase()} ${path?.slice(1)}`, {
        parameters: [...own, ...refs],
        fields,
      });
    }
  }
  return found;
}

/** Parameters of every query, by the page on version 5 in general. */
const general = ["fields", "orderBy", "limit", "deleted", "nextPageToken"];

/** Served, and left out by the description, which has reads alone: each with its page of the documentation. */
const added: Readonly<Record<string, string>> = {
  "PATCH objects/prospects/{id}": "prospect-v5.html",
  "GET objects/visitor-activities": "visitor-activity-v5.html",
  "GET objects/list-emails": "list-email-v5.html",
  "GET objects/list-emails/{id}/stats": "list-email-v5.html",
  "GET imports": "import-v5.html",
  "POST imports": "import-v5.html",
  "GET imports/{id}": "import-v5.html",
  "PATCH imports/{id}": "import-v5.html",
  "POST imports/{id}/batches": "import-v5.html",
  "GET imports/{id}/errors": "import-v5.html",
  "POST exports": "export-v5.html",
  "GET exports/{id}": "export-v5.html",
  "GET exports/{id}/results/{id}": "export-v5.html",
};

const fields: readonly Field[] = [
  { name: "chance", label: "Chance", description: "How likely.", type: "number", decimals: 2 },
  { name: "why", label: "Why", description: "Why.", type: "text" },
];

let unit: AccountEngagementSandbox;
let ids: number[];
beforeEach(async () => {
  unit = await accountEngagementSandbox({ daily: 100_000, exportFileRows: 100 });
  ids = unit.addProspects(
    Array.from({ length: 400 }, (_, index) => ({
      email: `p${index}@example.com`,
      optedOut: index % 5 === 0,
      isDoNotEmail: index % 7 === 0,
      score: index,
      createdAt: Date.UTC(2026, 0, 1),
    })),
  );
  unit.addActivities([
    { prospectId: ids[0] as number, type: 6, typeName: "Email", at: Date.now() },
  ]);
  unit.addListEmails([{ name: "May", subject: "Spring", sentAt: Date.now() }]);
});
afterEach(() => unit.close());

/** The adapter behind a real gate that need not wait. */
function open(options: Parameters<typeof accountEngagement>[0] = {}) {
  const { clientId, clientSecret } = unit.oauth;
  const { url, businessUnitId } = unit;
  const adapter = accountEngagement({
    loginUrl: url,
    baseUrl: url,
    clientId,
    clientSecret,
    businessUnitId,
    pageSize: 150,
    timeoutMs: 5000,
    ...options,
  });
  const lanes = Object.entries(adapter.account.lanes).map(([name, lane]) => [
    name,
    { ...lane, perMs: 1, daily: 100_000 },
  ]);
  let clock = 0;
  const gate = accountGate(
    { ...adapter.account, lanes: Object.fromEntries(lanes) },
    {
      seed: 1,
      attempts: 30,
      now: () => clock,
      sleep: async (ms) => {
        clock += ms;
      },
    },
  );
  return { adapter, context: { gate } };
}

async function ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${unit.url}/api/v5/${path}`, {
    headers: {
      authorization: `Bearer ${unit.token}`,
      "pardot-business-unit-id": unit.businessUnitId,
    },
  });
  return { status: answer.status, text: await answer.text() };
}

describe.skipIf(!existsSync(spec))(
  "the Account Engagement stand-in and the API's description",
  () => {
    it("agree on the fields and filters of what is served", async () => {
      const described = operations();
      expect(described.size).toBe(44);
      for (const path of ["objects/prospects", "objects/custom-fields"]) {
        const query = described.get(`GET ${path}`) as Operation;
        const read = described.get(`GET ${path}/{id}`) as Operation;
        expect(query.parameters.length).toBeGreaterThan(10);
        const all = (operation: Operation) => `fields=${operation.fields.join(",")}`;
        const first = path === "objects/prospects" ? ids[0] : 301;
        if (first === 301) unit.addField({ fieldId: "s", type: "Text" });
        for (const request of [`${path}?${all(query)}`, `${path}/${first}?${all(read)}`]) {
          const { status, text } = await ask(request);
          expect(status, text).toBe(200);
        }
        for (const name of query.parameters.filter((one) => !general.includes(one))) {
          const value =
            /At(After|Before|$)|OrEqualTo$/.test(name) && /At(?=[A-Z]|$)/.test(name)
              ? "2026-01-01T00:00:00%2B00:00"
              : "1";
          const { status, text } = await ask(`${path}?fields=id&${name}=${value}`);
          expect(status, `${name}: ${text}`).toBe(200);
        }
        for (const operation of [query, read]) expect(operation.parameters).toContain("fields");
        expect((await ask(path)).status).toBe(400);
        expect((await ask(`${path}/${first}`)).status).toBe(400);
      }
    });

    it("know every request that the adapter sends, or its page", async () => {
      const described = operations();
      for (const backfill of ["query", "export"] as const) {
        const { adapter, context } = open({ backfill, directAtMost: 3 });
        await adapter.check(context);
        for (const source of [adapter.prospects, adapter.activities, adapter.campaigns]) {
          for await (const _ of source.read({ ...context, now: Date.now() }));
        }
        await adapter.listEmailStats("2001", context);
        await adapter.scores.prepare(fields, context);
        const rows = ids.slice(0, 20).map((id) => ({
          recordId: String(id),
          values: { chance: 0.5, why: "so" },
        }));
        unit.addField({ fieldId: backfill, type: "Text" });
        await adapter.scores.write(rows, context);
        await adapter.scores.write(rows.slice(0, 2), context);
        await adapter.scores.read(["10001", "10300"], fields, context);
        await adapter.scores.resolve(["p1@example.com"], context);
      }
      const sent = new Set<string>();
      for (const { method, path } of unit.log) {
        if (path.startsWith("/services/")) continue;
        const [plain = "", search] = path.replace("/api/v5/", "").split("?");
        const shape = `${method} ${plain.replace(/\/\d+(?=\/|$)/g, "/{id}")}`;
        sent.add(shape);
        const operation = described.get(shape);
        for (const name of new URLSearchParams(search).keys()) {
          if (general.includes(name)) continue;
          if (operation !== undefined) expect(operation.parameters, shape).toContain(name);
        }
        if (operation?.parameters.includes("fields")) expect(search, shape).toContain("fields=");
      }
      expect([...sent].filter((one) => !described.has(one) && added[one] === undefined)).toEqual(
        [],
      );
      expect(sent.size).toBeGreaterThan(13);
    });
  },
);

describe("Account Engagement, when much goes wrong", () => {
  it.each([
    ["imports", 0],
    ["a request each", 50],
  ])(
    "is written to by %s as planned, with nothing else touched and nobody made",
    async (_, directAtMost) => {
      const before = new Map([...unit.prospects()].map((one) => [one.id, one.fields]));
      const { adapter, context } = open({ batchSize: 50, directAtMost });
      await adapter.scores.prepare(fields, context);
      unit.setFaults({
        rateLimit: 0.05,
        serverError: 0.04,
        dropped: 0.04,
        cut: 0.02,
        htmlErrors: 0.02,
        sessionEnds: 0.01,
      });
      const wanted = new Map(ids.map((id, at) => [String(id), (at % 100) / 100]));
      let left = [...wanted];
      for (let round = 0; left.length > 0 && round < 20; round++) {
        const next: typeof left = [];
        for (let at = 0; at < left.length; at += 50) {
          const some = left.slice(at, at + 50);
          const rows = some.map(([recordId, chance]) => ({ recordId, values: { chance } }));
          const outcomes = await adapter.scores.write(rows, context);
          if (at === 100) unit.expireToken();
          expect(outcomes.filter(({ outcome }) => outcome === "failed")).toEqual([]);
          next.push(...some.filter((_, index) => outcomes[index]?.outcome !== "updated"));
        }
        left = next;
      }
      expect(left).toEqual([]);
      unit.setFaults({});
      for (const { id, fields: held } of unit.prospects()) {
        const { inchworm_chance__c, ...rest } = held;
        expect(inchworm_chance__c).toBe(String(wanted.get(String(id))));
        expect(rest).toEqual(before.get(id));
      }
      expect(unit.created).toEqual([]);
      expect(unit.prospect(ids.at(-1) as number)).toBeDefined();
      expect(Object.keys(unit.requests.fieldsSent)).toEqual(["inchworm_chance__c"]);
      expect(Object.keys(unit.requests.injected).length).toBeGreaterThanOrEqual(4);
    },
  );

  it("never has more than five requests under way", async () => {
    const { adapter, context } = open({ batchSize: 200, directAtMost: 200 });
    await adapter.scores.prepare(fields, context);
    unit.setFaults({ latencyMs: 5 });
    const rows = ids.slice(0, 60).map((id) => ({ recordId: String(id), values: { chance: 1 } }));
    const read = async () => {
      for await (const _ of adapter.prospects.read({ ...context, now: Date.now() }));
    };
    await Promise.all([adapter.scores.write(rows, context), read(), adapter.check(context)]);
    expect(unit.requests.mostUnderWay).toBeGreaterThan(2);
    expect(unit.requests).toMatchObject({ concurrentRefusals: 0 });
    expect(unit.requests.mostUnderWay).toBeLessThanOrEqual(5);
  });
});
