import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mailchimp, type MailchimpOptions, mailchimp } from "@inchworm/mailchimp";
import {
  type MailchimpMemberInput,
  type MailchimpSandbox,
  type MailchimpSandboxOptions,
  mailchimpSandbox,
} from "@inchworm/sandbox";
import { openStore, type Store } from "@inchworm/store";
import { type AccountGate, accountGate } from "@inchworm/sync";

export interface ScoredAudience {
  readonly sandbox: MailchimpSandbox;
  readonly options: MailchimpOptions;
  readonly adapter: Mailchimp;
  readonly gate: AccountGate;
  readonly file: string;
  /** Contact ids in Mailchimp, in the order of the members. */
  readonly ids: readonly string[];
  /** Opens the store for `work`, and closes it again. */
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** A stand-in with members, and a store that knows them as a pull would have left it. */
export async function scoredAudience(
  members: readonly MailchimpMemberInput[],
  sandboxOptions: MailchimpSandboxOptions = {},
  more: MailchimpOptions = {},
): Promise<ScoredAudience> {
  const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  const file = join(folder, "shop.duckdb");
  const sandbox = await mailchimpSandbox(sandboxOptions);
  const ids = sandbox.addMembers(members);
  const { apiKey, audience, url: baseUrl } = sandbox;
  const options = { apiKey, audience, baseUrl, ...more };
  const adapter = mailchimp(options);
  const gate = accountGate(adapter.account);
  const withStore: ScoredAudience["withStore"] = async (work) => {
    const store = await openStore(file);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  await withStore(async (store) => {
    const source = { name: "filling", system: adapter.account.system };
    for (let start = 0; start < ids.length; start += 10_000) {
      const contact = ids
        .slice(start, start + 10_000)
        .map((id, index) => ({ id, email: members[start + index].email }));
      await store.ingest(source, { records: { contact }, cursor: { start } });
    }
  });
  return {
    sandbox,
    options,
    adapter,
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
