import type { Shop } from "@inchworm/sandbox";

export interface OpenSandbox {
  readonly label: string;
  readonly url: string;
  /** What opens it, by the adapter's options. */
  readonly options: Readonly<Record<string, string>>;
  fill(shop: Shop): void;
  close(): Promise<void>;
}

interface Settings {
  readonly port: number;
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
}

/** Stand-ins besides HubSpot's, by the adapter's name. */
export const otherSandboxes: Readonly<
  Record<"mailchimp" | "salesforce", (settings: Settings) => Promise<OpenSandbox>>
> = {
  async mailchimp(settings) {
    const { mailchimpSandbox } = await import("@inchworm/sandbox");
    const sandbox = await mailchimpSandbox({ ...settings, mergeFields: [{ tag: "CUSTOMER" }] });
    const { url, apiKey, audience } = sandbox;
    return {
      label: "Mailchimp",
      url,
      options: { apiKey, audience, baseUrl: url, customerIdField: "CUSTOMER" },
      fill(shop) {
        for (const contacts of shop.contacts())
          sandbox.addMembers(
            contacts.map(({ email, customer, emailOptOut }) => ({
              email,
              status: emailOptOut ? "unsubscribed" : "subscribed",
              mergeFields: { CUSTOMER: customer },
            })),
          );
      },
      close: () => sandbox.close(),
    };
  },
  async salesforce(settings) {
    const { fillSalesforce, salesforceSandbox } = await import("@inchworm/sandbox");
    const sandbox = await salesforceSandbox(settings);
    const { url, oauth } = sandbox;
    return {
      label: "Salesforce",
      url,
      options: { loginUrl: url, clientId: oauth.clientId, clientSecret: oauth.clientSecret },
      fill: (shop) => fillSalesforce(sandbox, shop),
      close: () => sandbox.close(),
    };
  },
};
