import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hubspot, type HubspotOptions, hubspot } from "@inchworm/hubspot";
import { type HubspotSandbox, type HubspotSandboxOptions, hubspotSandbox } from "@inchworm/sandbox";
import type { Field, FieldValue } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";
import { type AccountGate, accountGate } from "@inchworm/sync";

export const fields: readonly Field[] = [
  {
    name: "churn_probability",
    label: "Churn probability",
    description: "How likely no order comes.",
    type: "number",
    decimals: 3,
  },
  {
    name: "churn_band",
    label: "Churn band",
    description: "The probability in words.",
    type: "category",
    options: ["low", "high"],
  },
];
export type Values = readonly [probability: number, band: string];

/** The day of every score here. */
export const asOf = Date.UTC(2026, 5, 30);

export interface ScoredPortal {
  readonly sandbox: HubspotSandbox;
  readonly portal: Hubspot;
  readonly gate: AccountGate;
  readonly file: string;
  /** Record ids in HubSpot, in the order of the contacts. */
  readonly ids: readonly string[];
  /** Opens the store for `work`, and closes it again. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** A stand-in with `count` contacts, and a store that knows them. */
export async function scoredPortal(
  count: number,
  options: HubspotSandboxOptions = {},
  adapter: HubspotOptions = {},
): Promise<ScoredPortal> {
  const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  const file = join(folder, "shop.duckdb");
  const sandbox = await hubspotSandbox(options);
  const ids = sandbox.addContacts(
    Array.from({ length: count }, (_, index) => ({
      email: `person${index}@example.com`,
      createdate: "2025-01-01T00:00:00Z",
      lifecyclestage: "customer",
      hs_email_optout: index % 10 === 0 ? "true" : "false",
    })),
  );
  const portal = hubspot({ accessToken: sandbox.token, baseUrl: sandbox.url, ...adapter });
  const gate = accountGate(portal.account);
  const withStore: ScoredPortal["withStore"] = async (work) => {
    const store = await openStore(file);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  await withStore(async (store) => {
    // as a pull would have left it, without its requests
    const source = { name: "filling", system: portal.account.system };
    for (let start = 0; start < count; start += 10_000) {
      const contact = ids
        .slice(start, start + 10_000)
        .map((id, index) => ({ id, email: `person${start + index}@example.com` }));
      await store.ingest(source, { records: { contact }, cursor: { start } });
    }
  });
  return {
    sandbox,
    portal,
    gate,
    file,
    ids,
    withStore,
    async end() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Replaces the scores: by record id, `undefined` for somebody without one. */
export async function saveScores(
  store: Store,
  scoreOf: (recordId: string) => Values | undefined,
  system = "hubspot",
): Promise<void> {
  const contacts: number[] = [];
  const probabilities: FieldValue[] = [];
  const bands: FieldValue[] = [];
  for await (const batch of store.contacts())
    for (const { contact, identities } of batch) {
      const id = identities.find((name) => name.system === system)?.id;
      const score = id === undefined ? undefined : scoreOf(id);
      if (!score) continue;
      contacts.push(contact);
      probabilities.push(score[0]);
      bands.push(score[1]);
    }
  await store.saveScores({
    scorer: "churn",
    modelId: "made-up",
    asOf,
    contacts: Int32Array.from(contacts),
    fields: { churn_probability: probabilities, churn_band: bands },
    reasons: contacts.map(() => []),
    abstained: contacts.map(() => undefined),
  });
}
