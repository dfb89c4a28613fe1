import { directGate } from "@inchworm/kit";
import {
  type MailchimpMemberInput,
  type MailchimpSandbox,
  type MailchimpSandboxOptions,
  mailchimpSandbox,
} from "@inchworm/sandbox";
import { type CallContext, type Field, type Gate, InchwormError, type Page } from "@inchworm/spec";
import { type MailchimpOptions, mailchimp } from "../index.js";

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

/** A stand-in of a few members, and an adapter that opens it. Batches take 20 milliseconds. */
export async function account(
  members: readonly MailchimpMemberInput[],
  sandboxOptions: MailchimpSandboxOptions = {},
  options: MailchimpOptions = {},
) {
  const sandbox = await mailchimpSandbox({ batchMs: 20, ...sandboxOptions });
  const ids = sandbox.addMembers(members);
  const open = (more: MailchimpOptions = {}) =>
    mailchimp({
      apiKey: sandbox.apiKey,
      audience: sandbox.audience,
      baseUrl: sandbox.url,
      timeoutMs: 5_000,
      ...options,
      ...more,
    });
  return { sandbox, ids, open, adapter: open(), context: pacedGate() };
}

/** Lets everything through, looks at batches under way only now and then, and remembers what went. */
export function pacedGate(): CallContext & { readonly sent: string[] } {
  const sent: string[] = [];
  const direct = directGate();
  const gate: Gate = {
    ...direct,
    async request(request, call) {
      sent.push(request.label);
      if (request.lane === "looks") await new Promise((done) => setTimeout(done, 5));
      return direct.request(request, call);
    },
  };
  return { gate, sent };
}

export async function pages(read: AsyncIterable<Page>): Promise<Page[]> {
  const found: Page[] = [];
  for await (const page of read) found.push(page);
  return found;
}

/** The error that `act` ends with, which holds neither key nor address. */
export async function refused(
  sandbox: Pick<MailchimpSandbox, "apiKey" | "accessToken">,
  act: () => Promise<unknown>,
): Promise<InchwormError> {
  const error = await act().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!InchwormError.is(error)) throw error ?? new Error("nothing was thrown");
  const said = `${error.message} ${error.hint} ${error.stack} ${error.cause} ${error.vendorCode}`;
  for (const secret of [sandbox.apiKey, sandbox.accessToken, "@example.com", "Basic "]) {
    if (said.includes(secret)) throw new Error("the error tells a secret or an address");
  }
  return error;
}
