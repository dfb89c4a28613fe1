import { InchwormError } from "@inchworm/spec";
import { serve } from "../stand-in/server.js";
import { Account } from "./account.js";
import { Api } from "./api.js";
import { control, standing } from "./control-routes.js";
import { requestCounts } from "./counts.js";
import { Problem } from "./problem.js";
import type { MailchimpSandbox, MailchimpSandboxOptions } from "./types.js";

/**
 * Starts a Mailchimp stand-in on this machine: an account with one audience, real HTTP, kept state, and as strict as the vendor's
 * documentation says the real one is. Two with the same seed that receive the same requests in the same order give the same
 * answers, but for the time of day. Give a client `${url}/3.0` as its base path.
 *
 * @throws InchwormError "config" when the port is in use or an option is malformed
 *
 * @example
 * const account = await mailchimpSandbox({ faults: { rateLimit: 0.05 } });
 * const [id] = account.addMembers([{ email: "ada@example.com" }]);
 * await fetch(`${account.url}/3.0/lists/${account.audience}/members/${id}`, { headers: { Authorization: `Bearer ${account.apiKey}` } });
 */
export async function mailchimpSandbox(
  options: MailchimpSandboxOptions = {},
): Promise<MailchimpSandbox> {
  const { port = 0, seed = 1 } = options;
  checkNumber("port", port, 0, 65_535);
  checkNumber("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  if (options.connections !== undefined) checkNumber("connections", options.connections, 1, 1_000);
  if (options.mostFields !== undefined) checkNumber("mostFields", options.mostFields, 5, 1_000);
  if (options.timeoutMs !== undefined) checkNumber("timeoutMs", options.timeoutMs, 1, 2 ** 31 - 1);
  if (options.server !== undefined && !/^[a-z]{2,}\d{1,3}$/.test(options.server)) {
    throw wrong('"server" must be a data centre such as us6');
  }
  const account = open(options);
  const { journal } = account;
  const api = new Api(account, seed);
  const server = await serve(
    {
      name: "mailchimp sandbox",
      now: account.now,
      latency: () => account.dice.latency(),
      journal,
      handle: (request) => api.handle(request),
      control: (request) => control(account, request),
    },
    port,
  );
  const settled = () => {
    api.advance();
    return account;
  };
  const member = (id: string) => standing(settled(), id);
  return {
    url: server.url,
    server: account.server,
    get apiKey() {
      return account.apiKey;
    },
    accessToken: account.accessToken,
    accountId: account.accountId,
    audience: account.audience,
    addMembers: (rows) => account.addMembers(rows),
    member(id) {
      const found = settled().members.find(id);
      return found && account.view(found);
    },
    *members() {
      for (const one of settled().members.all()) yield account.view(one);
    },
    edit(id, fields) {
      account.setMerge(member(id), fields);
      account.touch(member(id));
    },
    setStatus(id, status) {
      member(id).status = status;
      // archiving alone leaves the modified date as it was
      if (status !== "archived") account.touch(member(id));
    },
    changeEmail(id, email) {
      account.members.move(member(id), email);
      account.touch(member(id));
      return member(id).hash;
    },
    forget(id) {
      account.forgotten.add(member(id).hash);
      account.members.remove(member(id));
    },
    get mergeFields() {
      return account.fields.list().map(({ tag }) => tag);
    },
    deleteMergeField: (tag) => account.removeField(tag),
    addCampaign: (campaign) => account.campaigns.add(campaign),
    addReceipts: (id, receipts) => account.campaigns.addReceipts(id, receipts),
    addStore: ({ id, currency = "EUR" }) => account.commerce.add(id, currency),
    addOrders(storeId, orders) {
      for (const order of orders) account.commerce.shop(storeId).orders.set(order.id, order);
    },
    addProducts(storeId, products) {
      const shop = account.commerce.shop(storeId);
      for (const product of products) shop.products.set(product.id, product);
    },
    setFaults: (faults) => account.setFaults(faults),
    revoke: () => account.revoke(),
    record(recording) {
      journal.recording = { ...journal.recording, ...recording };
    },
    get requests() {
      return requestCounts(settled());
    },
    count: (pattern) => journal.count(pattern),
    get log() {
      return journal.log;
    },
    writes: journal.writes,
    tagWrites: journal.tagWrites,
    created: journal.created,
    get batches() {
      const { submitted, running } = settled().batches;
      return { submitted, running };
    },
    close: () => server.close(),
  };
}

function open(options: MailchimpSandboxOptions): Account {
  try {
    return new Account(options);
  } catch (error) {
    if (error instanceof Problem) throw wrong(`"mergeFields": ${error.message}`);
    throw error;
  }
}

function checkNumber(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw wrong(`"${name}" must be a whole number from ${least} to ${most}`);
}

function wrong(what: string): InchwormError {
  return new InchwormError("config", `mailchimp sandbox: ${what}.`);
}
