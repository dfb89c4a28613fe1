import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Salesforce, type SalesforceOptions, salesforce } from "@inchworm/salesforce";
import {
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
  salesforceSandbox,
} from "@inchworm/sandbox";
import { openStore, type Store } from "@inchworm/store";
import { type AccountGate, accountGate, pull } from "@inchworm/sync";

export interface ScoredOrganization {
  readonly sandbox: SalesforceSandbox;
  readonly options: SalesforceOptions;
  readonly adapter: Salesforce;
  readonly gate: AccountGate;
  readonly file: string;
  /** Opens the store for `work`, and closes it again. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** A stand-in with contacts and leads, as many of each as asked for, and a store that has pulled them. */
export async function scoredOrganization(
  people: { readonly contacts: number; readonly leads: number },
  sandboxOptions: SalesforceSandboxOptions = {},
  more: SalesforceOptions = {},
): Promise<ScoredOrganization> {
  const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  const file = join(folder, "shop.duckdb");
  const sandbox = await salesforceSandbox(sandboxOptions);
  const person = (index: number) => ({
    LastName: `P${index}`,
    FirstName: "Ada",
    Email: `person${index}@example.com`,
    HasOptedOutOfEmail: index % 10 === 0,
    DoNotCall: index % 7 === 0,
    SystemModstamp: Date.UTC(2026, 0, 1) + index,
    CreatedDate: Date.UTC(2025, 0, 1),
  });
  sandbox.addRecords(
    "Contact",
    Array.from({ length: people.contacts }, (_, index) => ({
      ...person(index),
      LeadSource: "Web",
    })),
  );
  sandbox.addRecords(
    "Lead",
    Array.from({ length: people.leads }, (_, index) => ({
      ...person(people.contacts + index),
      Company: "Example",
      Status: "Open",
    })),
  );
  const { clientId, clientSecret } = sandbox.oauth;
  const options = { loginUrl: sandbox.url, clientId, clientSecret, ...more };
  const adapter = salesforce(options);
  const gate = accountGate(adapter.account);
  const withStore: ScoredOrganization["withStore"] = async (work) => {
    const store = await openStore(file);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  await withStore(async (store) => {
    for (const source of [adapter.contacts, adapter.leads]) {
      const of = { name: source.name, system: adapter.account.system };
      const sink = {
        cursor: () => store.cursor(of.name),
        ingest: (page: Parameters<Store["ingest"]>[1]) => store.ingest(of, page),
      };
      await pull(source, sink, { gate, now: Date.now() });
    }
  });
  return {
    sandbox,
    options,
    adapter,
    gate,
    file,
    withStore,
    async end() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
