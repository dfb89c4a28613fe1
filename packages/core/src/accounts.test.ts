import type { Source } from "@inchworm/spec";
import { expect, it } from "vitest";
import { openWorkspace } from "./workspace.js";

const portal = (account: string, system = "hubspot"): Source => ({
  name: `${system}:contacts`,
  account: { system, lanes: {} },
  identify: async () => account,
  async *read() {
    yield { records: { contact: [{ id: "101" }] }, cursor: { of: account } };
  },
});

it("takes in nothing of a second account under the name of the first", async () => {
  const workspace = await openWorkspace(":memory:");
  try {
    await workspace.pull(portal("HubSpot portal 1"));
    await expect(workspace.pull(portal("HubSpot portal 2"))).rejects.toMatchObject({
      code: "config",
      message: "This store belongs to HubSpot portal 1, the token is for HubSpot portal 2.",
    });
    expect(await workspace.store.cursor("hubspot:contacts")).toEqual({ of: "HubSpot portal 1" });
    await workspace.pull(portal("HubSpot portal 2", "hubspot:eu"));
    expect((await workspace.store.summary()).contacts).toBe(2);
  } finally {
    await workspace.close();
  }
});
