import { existsSync } from "node:fs";
import { hubspot } from "@inchworm/hubspot";
import { directGate } from "@inchworm/kit";
import { hubspotSandbox } from "@inchworm/sandbox";
import type { Cursor, Field } from "@inchworm/spec";
import { expect, it } from "vitest";
import { openApiContract } from "./open-api.js";

const specs = new URL("../../../shared/specs/hubspot/", import.meta.url);
const objects = ["contacts", "deals", "line_items", "products"];
const scopes = [
  ...objects.map((object) => `crm.objects.${object}.read`),
  "crm.objects.contacts.write",
  "crm.schemas.contacts.read",
  "crm.schemas.contacts.write",
  "crm.lists.read",
  "crm.lists.write",
  "oauth",
];

it.skipIf(!existsSync(specs))(
  "the API's description takes every request that the adapter sends",
  async () => {
    const contract = openApiContract(
      ["contacts", "properties", "deals", "line_items", "products", "associations-v4", "lists"].map(
        (name) => new URL(`crm-${name}.openapi.json`, specs),
      ),
    );
    const own = await hubspotSandbox({ perWindow: 1_000, indexLagMs: 0, scopes });
    const records = own.addContacts([{ email: "ada@example.com" }, { email: "g@example.com" }]);
    const portal = hubspot({ accessToken: own.token, baseUrl: own.url });
    const context = { gate: directGate() };
    await portal.check(context);
    let cursor: Cursor | undefined;
    for (let run = 0; run < 2; run++) {
      const read = { ...context, now: Date.now(), ...(cursor && { cursor }) };
      for await (const page of portal.contacts.read(read)) cursor = page.cursor;
    }
    const line = own.addObject("line_items", { name: "Tea", price: "9" });
    const won = { amount: "9", closedate: "2026-01-01T00:00:00Z", hs_is_closed_won: "true" };
    own.addObject(
      "deals",
      { dealname: "A sale", ...won },
      { contacts: records, line_items: [line] },
    );
    own.addObject("products", { name: "Tea", price: "9" });
    for (const source of [portal.orders, portal.products])
      for await (const page of source.read({ ...context, now: Date.now() })) cursor = page.cursor;
    const band: Field = { name: "band", label: "Band", description: "", type: "category" };
    for (const options of [["low"], ["low", "high"]]) {
      const fields = [{ ...band, options }];
      await portal.scores.prepare(fields, context);
      await portal.scores.resolve(["ada@example.com", "nobody@example.com"], context);
      const rows = [...records, "1"].map((recordId) => ({ recordId, values: { band: "low" } }));
      await portal.scores.write(rows, context);
      await portal.scores.read(records, fields, context);
    }
    await portal.scores.makeLists?.([{ ...band, options: ["low"] }], context);
    const refusal = {
      status: "error",
      message: "",
      category: "VALIDATION_ERROR",
      correlationId: "00000000-0000-4000-8000-000000000000",
    };
    let seen = 0;
    for (const { method, path, body, status } of own.log) {
      const { pathname } = new URL(path, own.url);
      if (!pathname.startsWith("/crm/")) continue;
      seen++;
      // permissions are tried with empty lists, which are refused and change nothing
      const meant = status < 400 && body !== undefined && { sent: JSON.parse(body) };
      contract.check({ method, path: pathname, status: 400, body: refusal, ...meant });
    }
    await own.close();
    expect(seen).toBeGreaterThan(15);
  },
);
