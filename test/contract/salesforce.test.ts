import { existsSync, readFileSync } from "node:fs";
import { salesforce } from "@inchworm/salesforce";
import { type SalesforceSandbox, salesforceSandbox } from "@inchworm/sandbox";
import type { Field } from "@inchworm/spec";
import { accountGate } from "@inchworm/sync";
import { Connection } from "jsforce";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const spec = new URL(
  "../../../shared/specs/salesforce/platform-requests-v50.selection.json",
  import.meta.url,
);

interface Described {
  readonly group: string;
  readonly name: string;
  readonly method: string;
  readonly url: string;
}

/** What a described request asks for, with what is filled in left open: "GET sobjects/{}/describe". */
function shapeOf({ method, url }: Described): string {
  const path = url
    .replace(/\?.*$/, "")
    .replace(
      /^\{\{_endpoint\}\}\/services\/data\/v\{\{version\}\}|^\{\{url\}\}\{\{site\}\}\/services/,
      "",
    )
    .replace(/^\{\{_endpoint\}\}\/services\/data$/, "/data")
    .replace(/\{\{\w+\}\}|<[^>]+>/g, "{}")
    .replace(/^\/|\/$/g, "");
  return `${method} ${path}`;
}

/** Described, and not served: nothing of ours asks for it. */
const left = new Set([
  "POST async-queries",
  "POST oauth2/introspect",
  "POST oauth2/revoke",
  "GET oauth2/authorize",
  "POST composite/batch",
  "POST composite",
  "POST composite/graph",
  "POST composite/tree/{}",
  "GET consent/action/action",
  "GET actions/custom",
  "GET limits/recordCount",
  "GET sobjects/{}/eventSchema",
  "GET sobjects/{}/{}/{}",
  "GET tooling/sobjects/{}/describe",
  // the collection's own page has them without the object, and so has the official client
  "PATCH composite/sobjects/{}",
  "DELETE composite/sobjects/{}",
]);

/** Served, and younger than the description or left out by it, each with its page of the documentation. */
const added: Readonly<Record<string, string>> = {
  "PATCH composite/sobjects": "resources_composite_sobjects_collections_update.htm",
  "DELETE composite/sobjects": "resources_composite_sobjects_collections_delete.htm",
  "POST composite/sobjects/{}": "resources_composite_sobjects_collections_retrieve.htm",
  "PATCH composite/sobjects/{}/{}": "resources_composite_sobjects_collections_upsert.htm",
  "GET query/{}": "resources_query.htm",
  "GET tooling/query": "tooling_resources.htm",
  "PATCH tooling/sobjects/{}/{}": "tooling_resources.htm",
  "POST jobs/query": "query_create_job.htm",
  "GET jobs/query/{}": "query_get_one_job.htm",
  "GET jobs/query/{}/results": "query_get_job_results.htm",
  "GET oauth2/userinfo": "remoteaccess_using_userinfo_endpoint.htm",
  "POST sobjects/{}": "dome_sobject_create.htm",
  "GET sobjects/{}/{}": "dome_get_field_values.htm",
  "PATCH sobjects/{}/{}": "dome_update_fields.htm",
};

/** A request of the log as the description would write it. */
function asked({ method, path }: { readonly method: string; readonly path: string }): string {
  const plain = path
    .replace(/\?.*$/, "")
    .replace(/^\/services\/(data\/v\d+\.0\/)?/, "")
    .replace(/\/$/, "");
  const open = plain
    .replace(
      /^(sobjects|composite\/sobjects|tooling\/sobjects)\/\w+(\/\w+)?$/,
      (_, root: string, more?: string) =>
        more === undefined
          ? `${root}/{}`
          : more === "/describe" || more === "/deleted" || more === "/updated"
            ? `${root}/{}${more}`
            : `${root}/{}/{}`,
    )
    .replace(/^(jobs\/\w+)\/750\w+/, "$1/{}")
    .replace(/^query(All)?\/01g[\w-]+$/, "query/{}");
  return `${method} ${open}`;
}

const fields: readonly Field[] = [
  { name: "chance", label: "Chance", description: "How likely.", type: "number", decimals: 2 },
  {
    name: "segment",
    label: "Segment",
    description: "Which kind.",
    type: "category",
    options: ["A", "B"],
  },
];
let org: SalesforceSandbox;
let ids: string[];

beforeAll(async () => {
  org = await salesforceSandbox({ queryRows: 200 });
  ids = org.addRecords(
    "Contact",
    Array.from({ length: 450 }, (_, index) => ({
      LastName: `P${index}`,
      Email: `p${index}@example.com`,
    })),
  );
});
afterAll(() => org.close());

describe.skipIf(!existsSync(spec))("the Salesforce stand-in and the described requests", () => {
  let described: readonly string[];
  beforeAll(() => {
    const { requests } = JSON.parse(readFileSync(spec, "utf8")) as { requests: Described[] };
    described = [...new Set(requests.map(shapeOf))];
  });

  it("has an answer to all of them but those that are named", async () => {
    expect(described.length).toBeGreaterThan(30);
    const fill: Readonly<Record<string, string>> = {
      "GET oauth2/token": "",
      "GET query": "?q=SELECT+Id+FROM+Contact",
      "GET queryAll": "?q=SELECT+Id+FROM+Contact",
      "GET composite/sobjects/{}": `?ids=${ids[0]}&fields=Email`,
    };
    const unserved: string[] = [];
    for (const shape of described) {
      const [method, path] = shape.split(" ") as [string, string];
      const root = path.startsWith("oauth2")
        ? "/services/"
        : path === "data"
          ? "/services/"
          : "/services/data/v50.0/";
      const filled = path
        .replace(/^(sobjects|composite\/sobjects|composite\/tree)\/\{\}/, "$1/Contact")
        .replace(/^tooling\/sobjects\/\{\}/, "tooling/sobjects/CustomField")
        .replaceAll("{}", ids[0] as string);
      const answer = await fetch(`${org.url}${root}${filled}${fill[shape] ?? ""}`, {
        method,
        headers: { authorization: `Bearer ${org.token}`, "content-type": "application/json" },
        ...(method === "GET" || method === "DELETE" ? {} : { body: "{}" }),
      });
      const text = await answer.text();
      // a job that is not there is one that could be
      const unknown = answer.status === 405 || (answer.status === 404 && !path.startsWith("jobs/"));
      if (unknown) unserved.push(shape);
      else expect(text, shape).not.toContain("stand-in itself failed");
    }
    expect(unserved.filter((shape) => !left.has(shape))).toEqual([]);
  });

  it("knows every request that the adapter and the official client send, or its page", async () => {
    const sales = salesforce({
      loginUrl: org.url,
      ...org.oauth,
      refreshToken: undefined,
      writing: "bulk",
      jobRows: 201,
      bulkFrom: 100,
    });
    const gate = accountGate({
      ...sales.account,
      lanes: Object.fromEntries(
        Object.entries(sales.account.lanes).map(([name, lane]) => [name, { ...lane, perMs: 1 }]),
      ),
    });
    const context = { gate };
    await sales.check(context);
    for (const source of [
      sales.contacts,
      sales.leads,
      sales.opportunities,
      sales.orders,
      sales.campaigns,
      sales.emails,
    ]) {
      for await (const _ of source.read({ gate, now: Date.now() }));
    }
    await sales.scores.prepare(fields, context);
    const rows = ids.map((recordId) => ({ recordId, values: { chance: 0.5 } }));
    await sales.scores.write(rows.slice(0, 201), context);
    await sales.scores.write(rows.slice(0, 10), context);
    await sales.scores.read(ids.slice(0, 10), fields, context);
    await sales.scores.resolve(["p1@example.com"], context);
    await sales.scores.prepare([{ ...(fields[1] as Field), options: ["A", "B", "C"] }], context);
    const sent = new Set(org.log.filter(({ status }) => status < 400).map(asked));
    expect(
      [...sent].filter((shape) => !described.includes(shape) && added[shape] === undefined),
    ).toEqual([]);
    expect(sent.size).toBeGreaterThan(18);
  });
});

describe("the Salesforce stand-in and the official client", () => {
  let client: Connection;
  beforeAll(async () => {
    const { clientId, clientSecret } = org.oauth;
    client = new Connection({
      version: "60.0",
      oauth2: { loginUrl: org.url, clientId, clientSecret },
    });
    await client.authorize({ grant_type: "client_credentials" } as never);
  });

  it("log in, page through a query and know the day's limit", async () => {
    expect(client.userInfo).toMatchObject({ organizationId: org.organizationId, id: org.userId });
    const first = await client.query("SELECT Id, Email FROM Contact ORDER BY Id");
    expect(first).toMatchObject({ totalSize: 450, done: false });
    const second = await client.queryMore(first.nextRecordsUrl as string);
    const third = await client.queryMore(second.nextRecordsUrl as string);
    expect([first, second, third].flatMap(({ records }) => records.map(({ Id }) => Id))).toEqual(
      ids,
    );
    expect(third.done).toBe(true);
    expect(client.limitInfo.apiUsage?.limit).toBe(100_000);
  });

  it("describe, create, read, change, upsert and delete records", async () => {
    const described = await client.describe("Contact");
    expect(described.fields.find(({ name }) => name === "Email")).toMatchObject({
      type: "email",
      updateable: true,
    });
    const contacts = client.sobject("Contact");
    const made = await contacts.create({ LastName: "Hopper" });
    const id = made.id as string;
    expect(await contacts.retrieve(id)).toMatchObject({ LastName: "Hopper" });
    await contacts.update({ Id: id, FirstName: "Grace" });
    const many = await contacts.update([
      { Id: id, FirstName: "Grace B." },
      { Id: `${id.slice(0, 7)}99999999AAA`, FirstName: "Nobody" },
    ]);
    expect(many.map(({ success }) => success)).toEqual([true, false]);
    expect(many[1]?.errors[0]).toMatchObject({ statusCode: "INVALID_CROSS_REFERENCE_KEY" });
    expect(
      (await contacts.retrieve([id, ids[0] as string])).map((record) => record?.FirstName),
    ).toEqual(["Grace B.", null]);
    await contacts.destroy(id);
    const start = new Date(Date.now() - 60_000).toISOString();
    const { deletedRecords } = await client.deleted(
      "Contact",
      start,
      new Date(Date.now() + 60_000).toISOString(),
    );
    expect(deletedRecords.map((record) => record.id)).toEqual([id]);
    await expect(contacts.update({ Id: id, FirstName: "x" })).rejects.toMatchObject({
      errorCode: "ENTITY_IS_DELETED",
    });
    const limits = (await client.limits()) as Record<string, { Max: number }>;
    expect(limits.DailyApiRequests?.Max).toBe(100_000);
  });

  it("make fields that nobody sees until a permission set shows them", async () => {
    const sees = async () =>
      (await client.describe("Lead")).fields.some(({ name }) => name === "Seen__c");
    await client.tooling.sobject("CustomField").create({
      FullName: "Lead.Seen__c",
      Metadata: { type: "Text", label: "Seen", length: 80, externalId: true },
    } as never);
    expect(await sees()).toBe(false);
    const set = await client.sobject("PermissionSet").create({ Name: "Sees", Label: "Sees" });
    await client.sobject("FieldPermissions").create([
      {
        ParentId: set.id,
        SobjectType: "Lead",
        Field: "Lead.Seen__c",
        PermissionsRead: true,
        PermissionsEdit: true,
      },
    ] as never);
    expect(await sees()).toBe(false);
    await client
      .sobject("PermissionSetAssignment")
      .create({ AssigneeId: org.userId, PermissionSetId: set.id } as never);
    expect(await sees()).toBe(true);
    const upserted = await client.sobject("Lead").upsert(
      [
        { LastName: "A", Company: "E", Seen__c: "1" },
        { LastName: "B", Company: "E", Seen__c: "1" },
      ] as never,
      "Seen__c",
    );
    expect(upserted).toMatchObject([
      { success: true, created: true },
      { success: true, created: false },
    ]);
  });

  it("carry bulk jobs through", async () => {
    const job = client.bulk2.createJob({ operation: "update", object: "Contact" });
    await job.open();
    await job.uploadData([
      { Id: ids[0] as string, FirstName: 'A, "B"\nC', Email: "" },
      { Id: ids[1] as string, FirstName: "", Email: "no address" },
    ]);
    await job.close();
    await job.poll(10, 5000);
    const { successfulResults, failedResults, unprocessedRecords } = await job.getAllResults();
    expect(successfulResults).toMatchObject([{ sf__Id: ids[0], sf__Created: "false" }]);
    expect(failedResults).toMatchObject([
      { sf__Error: "INVALID_EMAIL_ADDRESS:Email: invalid email address:Email" },
    ]);
    expect(unprocessedRecords).toEqual([]);
    const stream = await client.bulk2.query(
      "SELECT Id, FirstName FROM Contact WHERE FirstName != null",
      { pollInterval: 10 },
    );
    expect(await stream.toArray()).toMatchObject([{ Id: ids[0], FirstName: 'A, "B"\nC' }]);
  });

  it("agree on errors", async () => {
    await expect(client.query("SELECT Nonsense FROM Contact")).rejects.toMatchObject({
      errorCode: "INVALID_FIELD",
    });
    await expect(client.query("SELECT Id FRM Contact")).rejects.toMatchObject({
      errorCode: "MALFORMED_QUERY",
    });
    await expect(
      client.sobject("Contact").update({ Id: ids[0], Nonsense: 1 } as never),
    ).rejects.toMatchObject({ errorCode: "INVALID_FIELD" });
    await expect(client.sobject("Contact").create({ FirstName: "Ada" })).rejects.toMatchObject({
      errorCode: "REQUIRED_FIELD_MISSING",
    });
    const full = await salesforceSandbox({ daily: 1 });
    const other = new Connection({
      instanceUrl: full.url,
      accessToken: full.token,
      version: "60.0",
    });
    await other.limits();
    await expect(other.limits()).rejects.toMatchObject({ errorCode: "REQUEST_LIMIT_EXCEEDED" });
    full.expireToken();
    await expect(other.limits()).rejects.toMatchObject({ errorCode: "INVALID_SESSION_ID" });
    await full.close();
  });
});
