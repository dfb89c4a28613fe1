import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { type MailchimpSandbox, mailchimpSandbox } from "@inchworm/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Contract } from "./open-api.js";
import { swaggerContract } from "./swagger.js";

const spec = new URL(
  "../../../shared/specs/mailchimp/marketing-3.0.55.selection.swagger.json",
  import.meta.url,
);
const day = Date.UTC(2026, 4, 1);

let sandbox: MailchimpSandbox;
let ids: string[];
let members: string;
let campaign: string;

beforeAll(async () => {
  sandbox = await mailchimpSandbox({
    batchMs: 0,
    mergeFields: [{ tag: "SCORE", type: "number" }],
  });
  members = `/lists/${sandbox.audience}/members`;
  ids = sandbox.addMembers([
    { email: "ada@example.com", tags: ["VIP"], mergeFields: { FNAME: "Ada" }, timezone: "UTC" },
    ...["grace", "mary", "joan", "emmy"].map((name) => ({ email: `${name}@example.com` })),
    { email: "lise@example.com", status: "cleaned" },
  ]);
  campaign = sandbox.addCampaign({
    subject: "Spring is here",
    sentAt: day,
    sentTo: [
      {
        email: "ada@example.com",
        activity: [
          { action: "open", at: day + 60_000 },
          { action: "click", at: day + 90_000, url: "https://shop.example.com/a" },
        ],
        unsubscribedAt: day + 120_000,
      },
      { email: "lise@example.com", bounced: "hard", activity: [{ action: "bounce", at: day }] },
    ],
  });
  sandbox.addStore({ id: "shop" });
  sandbox.addProducts("shop", [{ id: "p1", title: "Tea", vendor: "Leaves", price: 4.5 }]);
  sandbox.addOrders("shop", [
    {
      id: "o1",
      customer: { id: "c1", email: "ada@example.com" },
      at: day,
      total: 9,
      cancelledAt: day + 1,
      lines: [{ id: "1", product: "p1", quantity: 2, price: 4.5 }],
    },
  ]);
});
afterAll(() => sandbox.close());

describe.skipIf(!existsSync(spec))("the Mailchimp stand-in and the API's description", () => {
  let contract: Contract;
  beforeAll(() => {
    contract = swaggerContract(spec);
  });

  async function call(method: string, path: string, status: number, sent?: unknown) {
    const answer = await fetch(`${sandbox.url}/3.0${path}`, {
      method,
      headers: { Authorization: `Bearer ${sandbox.apiKey}`, "Content-Type": "application/json" },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    });
    const text = await answer.text();
    const body = text === "" ? "" : JSON.parse(text);
    expect(answer.status, text).toBe(status);
    contract.check({
      method,
      path: path === "" ? "/" : path,
      status,
      body,
      ...(status < 400 && sent !== undefined && { sent }),
    });
    return body;
  }

  it("tells of the account and its audience", async () => {
    await call("GET", "", 200);
    await call("GET", "/ping", 200);
    await call("GET", "/lists", 200);
    await call("GET", `/lists/${sandbox.audience}`, 200);
    await call("GET", "/lists/another", 404);
  });

  it("reads members", async () => {
    const page = await call("GET", `${members}?count=2&offset=1`, 200);
    expect(page).toMatchObject({ total_items: 6, members: [{ contact_id: ids[1] }, {}] });
    await call("GET", `${members}?status=cleaned&sort_field=last_changed&sort_dir=ASC`, 200);
    await call("GET", `${members}?count=1001`, 400);
    const partial = await call("GET", `${members}?fields=members.id,total_items`, 200);
    expect(Object.keys(partial)).toEqual(["members", "total_items"]);
    expect(Object.keys(partial.members[0])).toEqual(["id"]);
    const ada = await call("GET", `${members}/${ids[0]}`, 200);
    expect(await call("GET", `${members}/${ada.id}`, 200)).toEqual(ada);
    expect(await call("GET", `${members}/ADA@example.com`, 200)).toEqual(ada);
    await call("GET", `${members}/nobody@example.com`, 404);
  });

  it("writes members", async () => {
    await call("PATCH", `${members}/${ids[1]}`, 200, { merge_fields: { SCORE: 0.5, NONE: "x" } });
    await call("PATCH", `${members}/${ids[1]}`, 400, { merge_fields: { SCORE: "much" } });
    await call("PATCH", `${members}/${ids[1]}`, 400, { merge_fields: { SCORE: null } });
    await call("PATCH", `${members}/${ids[5]}`, 400, { merge_fields: { SCORE: 1 } });
    const fresh = { email_address: "new@example.com", status_if_new: "subscribed" };
    const { id } = await call("PUT", `${members}/new@example.com`, 200, fresh);
    await call("PUT", `${members}/${id}`, 200, fresh);
    await call("POST", members, 400, { email_address: "new@example.com", status: "subscribed" });
    await call("POST", members, 200, { email_address: "newer@example.com", status: "pending" });
    await call("PATCH", `${members}/${id}`, 200, { status: "unsubscribed" });
    const back = await call("PATCH", `${members}/${id}`, 400, { status: "subscribed" });
    expect(back.title).toBe("Member In Compliance State");
    await call("DELETE", `${members}/${id}`, 204);
    expect(await call("GET", `${members}/${id}`, 200)).toMatchObject({ status: "archived" });
    await call("POST", `${members}/${id}/actions/delete-permanent`, 204);
    await call("PUT", `${members}/${id}`, 400, fresh);
  });

  it("lists, makes, changes and deletes merge fields", async () => {
    const fields = `/lists/${sandbox.audience}/merge-fields`;
    const { total_items } = await call("GET", `${fields}?count=1000`, 200);
    expect(total_items).toBe(6);
    const field = { tag: "IW_BAND", name: "Band", type: "text", public: false };
    const { merge_id } = await call("POST", fields, 200, field);
    await call("POST", fields, 400, field);
    await call("POST", fields, 400, { ...field, tag: "ELEVENCHARS" });
    await call("GET", `${fields}/${merge_id}`, 200);
    await call("PATCH", `${fields}/${merge_id}`, 200, { name: "Another", help_text: "Why" });
    await call("DELETE", `${fields}/${merge_id}`, 204);
    await call("GET", `${fields}/${merge_id}`, 404);
  });

  it("gives and takes tags", async () => {
    const tags = `${members}/${sandbox.member(ids[0])?.hash}/tags`;
    const changes = [
      { name: "Churn: high", status: "active" },
      { name: "VIP", status: "inactive" },
    ];
    await call("POST", tags, 204, { tags: changes, is_syncing: true });
    expect((await call("GET", tags, 200)).tags).toMatchObject([{ name: "Churn: high" }]);
    await call("GET", `${members}/${ids[0]}/tags`, 404);
    await call("POST", tags, 400, { tags: [{ name: "", status: "active" }] });
    await call("GET", `/lists/${sandbox.audience}/tag-search?name=churn`, 200);
  });

  it("tells of campaigns and what came of them", async () => {
    const list = await call(
      "GET",
      "/campaigns?status=sent&sort_field=send_time&sort_dir=ASC&since_send_time=2026-01-01T00:00:00%2B00:00",
      200,
    );
    expect(list.campaigns[0].settings.subject_line).toBe("Spring is here");
    await call("GET", `/campaigns/${campaign}`, 200);
    for (const report of ["email-activity", "sent-to", "open-details", "unsubscribed"]) {
      await call("GET", `/reports/${campaign}/${report}`, 200);
      await call("GET", `/reports/none/${report}`, 404);
    }
    const since = "2026-05-01T00:01:10%2B00:00";
    const { emails } = await call("GET", `/reports/${campaign}/email-activity?since=${since}`, 200);
    expect(emails).toMatchObject([{ activity: [{ action: "click" }] }]);
  });

  it("tells of shops, their orders, products and customers", async () => {
    await call("GET", "/ecommerce/stores", 200);
    await call("GET", "/ecommerce/stores/shop", 200);
    await call("GET", "/ecommerce/stores/shop/orders", 200);
    await call("GET", "/ecommerce/stores/shop/orders/o1", 200);
    await call("GET", "/ecommerce/stores/shop/products", 200);
    await call("GET", "/ecommerce/stores/shop/customers", 200);
    await call("GET", "/ecommerce/stores/none/orders", 404);
  });

  it("carries out batches of operations", async () => {
    const operations = [
      { method: "PATCH", path: `${members}/${ids[2]}`, body: '{"merge_fields":{"SCORE":1}}' },
      { method: "GET", path: `${members}/${ids[2]}`, params: { fields: "merge_fields" } },
    ];
    const { id } = await call("POST", "/batches", 200, { operations });
    await call("POST", "/batches", 400, { operations: [] });
    await call("GET", "/batches", 200);
    const ended = await call("GET", `/batches/${id}`, 200);
    expect(ended).toMatchObject({ status: "finished", errored_operations: 0 });
    expect((await fetch(ended.response_body_url)).headers.get("content-type")).toContain("gzip");
    await call("DELETE", `/batches/${id}`, 204);
    await call("GET", `/batches/${id}`, 404);
  });

  it("refuses wrong keys in a problem document", async () => {
    const answer = await fetch(`${sandbox.url}/3.0/lists`, {
      headers: { Authorization: "Bearer wrong-us6" },
    });
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    const body = await answer.json();
    contract.check({ method: "GET", path: "/lists", status: answer.status, body });
    expect(body).toMatchObject({ status: 401, title: "API Key Invalid" });
  });

  it("has looked at everything that the stand-in serves", () => {
    expect(contract.checked.size).toBe(35);
  });
});

describe("the Mailchimp stand-in and the official client", () => {
  const ApiClient = createRequire(import.meta.url)("@mailchimp/mailchimp_marketing/src/ApiClient");
  const opened = (config: object) => {
    const client = new ApiClient();
    client.setConfig(config);
    client.basePath = `${sandbox.url}/3.0`;
    return client;
  };

  it("read and write members by key and by token", async () => {
    for (const config of [{ apiKey: sandbox.apiKey }, { accessToken: sandbox.accessToken }]) {
      const { lists, ping } = opened(config);
      expect(await ping.get()).toEqual({ health_status: "Everything's Chimpy!" });
      const { members: found } = await lists.getListMembersInfo(sandbox.audience, { count: 2 });
      expect(found).toHaveLength(2);
      const body = { merge_fields: { SCORE: 0.25 } };
      const member = await lists.updateListMember(sandbox.audience, ids[3], body);
      expect(member.merge_fields.SCORE).toBe(0.25);
      await lists.updateListMemberTags(sandbox.audience, member.id, {
        tags: [{ name: "A", status: "active" }],
        is_syncing: true,
      });
    }
  });

  it("make merge fields, batches and reports", async () => {
    const { lists, batches, reports, ecommerce, campaigns } = opened({ apiKey: sandbox.apiKey });
    const made = await lists.addListMergeField(sandbox.audience, { name: "Why", type: "text" });
    expect(made.tag).toMatch(/^MMERGE\d+$/);
    const operations = [{ method: "GET", path: "/ping" }];
    const { id } = await batches.start({ operations });
    expect((await batches.status(id)).status).toBe("finished");
    const activity = await reports.getEmailActivityForCampaign(campaign);
    expect(activity.emails).toHaveLength(2);
    expect((await campaigns.list({ status: "sent" })).total_items).toBe(1);
    expect((await ecommerce.getStoreOrders("shop")).orders[0].id).toBe("o1");
  });

  it("agree on errors", async () => {
    const { lists } = opened({ apiKey: sandbox.apiKey });
    await expect(lists.getListMember(sandbox.audience, "none")).rejects.toMatchObject({
      status: 404,
      response: { body: { title: "Resource Not Found" } },
    });
    sandbox.setFaults({ rateLimit: 1 });
    await expect(lists.getAllLists()).rejects.toMatchObject({ status: 429 });
    sandbox.setFaults({});
  });
});
