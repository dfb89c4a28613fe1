import { hubspot } from "@inchworm/hubspot";
import { mailchimp } from "@inchworm/mailchimp";
import { salesforce } from "@inchworm/salesforce";
import { hubspotSandbox, mailchimpSandbox, salesforceSandbox } from "@inchworm/sandbox";
import type { Account, Adapter, Destination, Source } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import type { AccountGate } from "@inchworm/sync";
import { pull } from "@inchworm/sync";

/** What every stand-in can be told to do wrong. */
export interface Faults {
  readonly rateLimit?: number;
  readonly serverError?: number;
  readonly dropped?: number;
  readonly cut?: number;
  readonly latencyMs?: readonly [number, number];
}

export interface PlatformOptions {
  readonly seed: number;
  /** Addresses of its people, in order. */
  readonly emails: readonly string[];
  /** Tells accounts of one vendor apart. */
  readonly account?: string;
  /** Logs in so that a token that ends is followed by another, where the vendor has such logins. Defaults to false. */
  readonly renewing?: boolean;
}

/** One account at a stand-in, with people in it, as tests of every platform see it. */
export interface Platform {
  /** The adapter's, for another process to open the same account. */
  readonly options: object;
  readonly adapter: Adapter;
  readonly account: Account;
  readonly people: readonly Source[];
  readonly scores: Destination;
  /** Record ids, in the order of the addresses. */
  readonly ids: readonly string[];
  /** Texts that may stand nowhere but on the wire. */
  readonly secrets: readonly string[];
  /** All of every record that is not ours, and our values beside it. */
  records(): ReadonlyMap<string, { readonly foreign: unknown; readonly ours: readonly unknown[] }>;
  /** Ids of records that our requests wrote on. */
  written(): ReadonlySet<string>;
  created(): readonly string[];
  /** Requests whose "METHOD route status" matches. */
  count(pattern: string | RegExp): number;
  edit(id: string, firstName: string): void;
  changeEmail(id: string, email: string): void;
  delete(id: string): void;
  /** Left out where the system cannot. */
  merge?(survivor: string, other: string): void;
  refuseProfiling(id: string): void;
  setFaults(faults: Faults): void;
  /** Requests that only exceeded the vendor's limits, faults not counted. */
  refused(): number;
  /** Keeps nothing of requests but their counts, for very many people. */
  forgetRequests(): void;
  /** The token or key that the adapter has is of no use any more; another comes by itself only to one that is `renewing`. */
  revoke(): void;
  close(): Promise<void>;
}

const made = Date.UTC(2025, 0, 1);
const quick = { requests: 1_000, perMs: 1_000 };
const named = (account: string | undefined) => (account === undefined ? {} : { account });

async function openHubspot({
  seed,
  emails,
  account,
  renewing = false,
}: PlatformOptions): Promise<Platform> {
  const optOut = { name: "no_scores", type: "bool", fieldType: "booleancheckbox" } as const;
  const sandbox = await hubspotSandbox({
    seed,
    perWindow: 1_000,
    windowMs: 1_000,
    daily: 10_000_000,
    indexLagMs: 0,
    properties: [optOut],
  });
  const ids = sandbox.addContacts(
    emails.map((email, index) => ({
      email,
      firstname: `P${index}`,
      phone: `+1555${String(index).padStart(7, "0")}`,
      createdate: `${made}`,
      lifecyclestage: "customer",
      hs_email_optout: `${index % 10 === 0}`,
    })),
  );
  const options = {
    ...(renewing ? { oauth: sandbox.oauth } : { accessToken: sandbox.token }),
    baseUrl: sandbox.url,
    profilingOptOutProperty: optOut.name,
    limits: { standard: { requests: 1_000, perMs: 1_000 } },
    ...named(account),
  };
  const adapter = hubspot(options);
  return {
    options,
    adapter,
    account: adapter.account,
    people: [adapter.contacts],
    scores: adapter.scores,
    ids,
    secrets: [sandbox.token, sandbox.oauth.clientSecret, sandbox.oauth.refreshToken],
    records: () =>
      new Map(
        [...sandbox.contacts()].map(({ id, properties, archived }) => {
          const { lastmodifieddate, inchworm_churn_probability, inchworm_churn_band, ...rest } =
            properties;
          const ours = [inchworm_churn_probability, inchworm_churn_band];
          return [id, { foreign: { ...rest, archived }, ours }];
        }),
      ),
    written: () => new Set([...sandbox.writes].map(({ id }) => id)),
    created: () => sandbox.created,
    count: (pattern) => sandbox.count(pattern),
    edit: (id, firstname) => sandbox.edit(id, { firstname }),
    changeEmail: (id, email) => sandbox.edit(id, { email }),
    delete: (id) => sandbox.archive(id),
    merge: (survivor, other) => void sandbox.merge(survivor, other),
    refuseProfiling: (id) => sandbox.edit(id, { [optOut.name]: "true" }),
    setFaults: (faults) => sandbox.setFaults(faults),
    refused: () => Object.values(sandbox.requests.refused).reduce((sum, one) => sum + one),
    forgetRequests: () => sandbox.record({ log: false, writes: false }),
    revoke: () => void sandbox.expireToken(),
    close: () => sandbox.close(),
  };
}

async function openMailchimp({ seed, emails, account }: PlatformOptions): Promise<Platform> {
  const sandbox = await mailchimpSandbox({
    seed,
    batchMs: [5, 20],
    mergeFields: [{ tag: "NOSCORE" }],
  });
  const ids = sandbox.addMembers(
    emails.map((email, index) => ({
      email,
      status: "subscribed",
      tags: [`T${index % 7}`],
      mergeFields: { FNAME: `P${index}`, PHONE: `+1555${String(index).padStart(7, "0")}` },
      language: "de",
      signedUpAt: made,
    })),
  );
  const options = {
    apiKey: sandbox.apiKey,
    audience: sandbox.audience,
    baseUrl: sandbox.url,
    mergeTags: { churn_probability: "CHURN_P", churn_band: "CHURN" },
    profilingOptOutField: "NOSCORE",
    limits: { looks: { requests: 200, perMs: 1_000, concurrency: 2 } },
    ...named(account),
  };
  const adapter = mailchimp(options);
  const { apiKey } = sandbox;
  return {
    options,
    adapter,
    account: adapter.account,
    people: [adapter.contacts],
    scores: adapter.scores,
    ids,
    secrets: [apiKey, apiKey.split("-")[0]],
    records: () =>
      new Map(
        [...sandbox.members()].map(({ mergeFields, changedAt, ...rest }) => {
          const { CHURN_P, CHURN, ...others } = mergeFields;
          return [rest.contactId, { foreign: { ...rest, others }, ours: [CHURN_P, CHURN] }];
        }),
      ),
    written: () => new Set(sandbox.writes.map(({ contactId }) => contactId)),
    created: () => sandbox.created,
    count: (pattern) => sandbox.count(pattern),
    edit: (id, FNAME) => sandbox.edit(id, { FNAME }),
    changeEmail: (id, email) => void sandbox.changeEmail(id, email),
    delete: (id) => sandbox.setStatus(id, "archived"),
    refuseProfiling: (id) => sandbox.edit(id, { NOSCORE: "yes" }),
    setFaults: (faults) => sandbox.setFaults(faults),
    refused: () => sandbox.requests.refused,
    forgetRequests: () => sandbox.record({ log: false, writes: false }),
    revoke: () => void sandbox.revoke(),
    close: () => sandbox.close(),
  };
}

async function openSalesforce({
  seed,
  emails,
  account,
  renewing = false,
}: PlatformOptions): Promise<Platform> {
  const sandbox = await salesforceSandbox({ seed, daily: 10_000_000 });
  const individuals = sandbox.addRecords(
    "Individual",
    emails.map(() => ({ LastName: "I" })),
  );
  const ids = sandbox.addRecords(
    "Contact",
    emails.map((Email, index) => ({
      LastName: `P${index}`,
      FirstName: `P${index}`,
      Email,
      Phone: `+1555${String(index).padStart(7, "0")}`,
      IndividualId: individuals[index],
      HasOptedOutOfEmail: index % 10 === 0,
      CreatedDate: made,
      SystemModstamp: made,
    })),
  );
  const { clientId, clientSecret } = sandbox.oauth;
  const login = renewing
    ? { loginUrl: sandbox.url, clientId, clientSecret }
    : { accessToken: sandbox.token, instanceUrl: sandbox.url };
  const options = {
    ...login,
    leads: false,
    limits: { rest: quick, bulk: quick, login: quick },
    ...named(account),
  };
  const adapter = salesforce(options);
  return {
    options,
    adapter,
    account: adapter.account,
    people: [adapter.contacts],
    scores: adapter.scores,
    ids,
    secrets: [sandbox.token, sandbox.oauth.clientSecret, sandbox.oauth.refreshToken],
    records: () =>
      new Map(
        [...sandbox.records("Contact")].map(({ id, fields, deleted }) => {
          const { inchworm_churn_probability__c, inchworm_churn_band__c, ...others } = fields;
          const ours = [inchworm_churn_probability__c, inchworm_churn_band__c];
          return [id, { foreign: { deleted, others }, ours }];
        }),
      ),
    written: () => new Set(sandbox.writes.map(({ id }) => id)),
    created: () => sandbox.created,
    count: (pattern) => sandbox.count(pattern),
    edit: (id, FirstName) => sandbox.change(id, { FirstName }),
    changeEmail: (id, Email) => sandbox.change(id, { Email }),
    delete: (id) => sandbox.delete(id),
    merge: (survivor, other) => sandbox.merge(survivor, other),
    refuseProfiling: (id) =>
      sandbox.change(individuals[ids.indexOf(id)], { HasOptedOutProfiling: true }),
    setFaults: (faults) => sandbox.setFaults(faults),
    refused: () => sandbox.requests.limitRefusals,
    forgetRequests: () => sandbox.keep({ log: false, writes: false }),
    revoke: () => void sandbox.expireToken(),
    close: () => sandbox.close(),
  };
}

/** Every platform; a new one is one more line here. */
export const platforms: Readonly<Record<string, (options: PlatformOptions) => Promise<Platform>>> =
  {
    hubspot: openHubspot,
    mailchimp: openMailchimp,
    salesforce: openSalesforce,
  };

/** Reads all people of an account into the store. */
export async function pullPeople(
  store: Store,
  { people, account }: Pick<Platform, "people" | "account">,
  gate: AccountGate,
): Promise<void> {
  for (const one of people) {
    const source = { name: one.name, system: account.system };
    const sink = {
      cursor: () => store.cursor(source.name),
      ingest: (page: Parameters<Store["ingest"]>[1]) => store.ingest(source, page),
    };
    await pull(one, sink, { gate, now: Date.now() });
  }
}
