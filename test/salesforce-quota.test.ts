import { salesforce } from "@inchworm/salesforce";
import { salesforceSandbox } from "@inchworm/sandbox";
import { InchwormError } from "@inchworm/spec";
import { accountGate } from "@inchworm/sync";
import { expect, it } from "vitest";

it("stops at 80 % of the organisation's day, whoever used it, and is never refused", async () => {
  const org = await salesforceSandbox({ daily: 100 });
  org.addRecords(
    "Contact",
    Array.from({ length: 500 }, (_, index) => ({ LastName: `P${index}` })),
  );
  const { clientId, clientSecret } = org.oauth;
  const sales = salesforce({ loginUrl: org.url, clientId, clientSecret, pageSize: 5 });
  const { rest, ...lanes } = sales.account.lanes;
  const gate = accountGate({
    system: sales.account.system,
    lanes: { ...lanes, rest: { ...rest, requests: 1_000, perMs: 1_000, concurrency: 1 } },
  });
  // somebody else's thirty requests
  for (let request = 0; request < 30; request++) {
    const headers = { authorization: `Bearer ${org.token}` };
    await fetch(`${org.url}/services/data/v60.0/limits`, { headers });
  }
  let stopped: unknown;
  let cursor: object | undefined;
  try {
    for await (const page of sales.contacts.read({ gate, now: Date.now() })) cursor = page.cursor;
  } catch (error) {
    stopped = error;
  }
  expect(InchwormError.is(stopped, "quota")).toBe(true);
  expect(cursor).toBeDefined();
  expect(org.requests).toMatchObject({ today: 80, limitRefusals: 0 });
  await org.close();
});
