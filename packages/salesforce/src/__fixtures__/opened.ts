import { directGate } from "@inchworm/kit";
import {
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
  salesforceSandbox,
} from "@inchworm/sandbox";
import {
  type Consent,
  type Contact,
  type Cursor,
  InchwormError,
  type RecordBatch,
  type RecordKind,
  type Records,
  type Source,
} from "@inchworm/spec";
import { type SalesforceOptions, salesforce } from "../index.js";

export const context = { gate: directGate() };

/** An organisation, and the adapter on it by the client credentials flow. */
export async function opened(
  options: SalesforceSandboxOptions = {},
  adapter: SalesforceOptions = {},
) {
  const org = await salesforceSandbox(options);
  return { org, sales: salesforce({ ...clientLogin(org), timeoutMs: 5000, ...adapter }) };
}

export function clientLogin(org: SalesforceSandbox): SalesforceOptions {
  const { clientId, clientSecret } = org.oauth;
  return { loginUrl: org.url, clientId, clientSecret };
}

/** A whole run, as one batch, and where it ended. */
export async function readAll(source: Source, cursor?: Cursor, now = Date.now()) {
  const found: { -readonly [K in RecordKind]?: Records[K][] } = {};
  let last: Cursor = {};
  for await (const page of source.read({ ...context, now, ...(cursor && { cursor }) })) {
    for (const [kind, rows] of Object.entries(page.records) as [RecordKind, never[]][]) {
      found[kind] = [...((found[kind] ?? []) as never[]), ...rows];
    }
    last = JSON.parse(JSON.stringify(page.cursor));
  }
  return { found: found as RecordBatch, cursor: last };
}

export async function failed(act: () => Promise<unknown>): Promise<InchwormError> {
  try {
    await act();
  } catch (error) {
    if (InchwormError.is(error)) return error;
    throw error;
  }
  throw new Error("it should have failed, and did not");
}

/** Everything that an error says, the cause and the stack too. */
export function saidBy(error: InchwormError): string {
  return [error.message, error.hint, error.vendorCode, error.stack, String(error.cause)].join("\n");
}

export const later = (cursor: Cursor): Cursor => ({ ...cursor, since: Date.now() - 1000 });
export const statusOf = (consents: readonly Consent[] | undefined, contact: string) =>
  Object.fromEntries(
    (consents ?? [])
      .filter((one) => one.contact === contact)
      .map(({ purpose, status }) => [purpose, status]),
  );
export const byId = (contacts: readonly Contact[] | undefined, id: string) =>
  contacts?.filter((one) => one.id === id).at(-1);
