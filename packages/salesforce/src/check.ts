import { type CallContext, type CheckItem, InchwormError } from "@inchworm/spec";
import { describe, sees } from "./describe.js";
import { whoAmI } from "./identify.js";
import type { Settings } from "./options.js";
import { personFields } from "./reading/person-fields.js";
import { objectIn } from "./wire/bodies.js";
import type { Connection } from "./wire/connection.js";

/** A clock that is further off than this is told. Assertions of the JWT flow live three minutes. */
const mostSkewMs = 60_000;

/** Asks Salesforce what it lets this user do. Nothing is written. */
export async function checkAccount(
  settings: Settings,
  call: Connection,
  context: CallContext,
): Promise<readonly CheckItem[]> {
  const items: CheckItem[] = [];
  const attempt = async <T>(name: string, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (!InchwormError.is(error) || error.code === "aborted") throw error;
      items.push(bad(name, error));
      return undefined;
    }
  };
  const ok = (name: string, message: string) => items.push({ name, ok: true, message });

  const who = await attempt("login", () => whoAmI(call, context));
  if (who === undefined) return items;
  ok("login", `accepted by organization ${who.organizationId.slice(0, 15)}`);

  const limits = await attempt("limits", () =>
    call(context, { method: "GET", path: "/limits", needs: "the “API Enabled” right" }),
  );
  if (limits !== undefined) {
    items.push(quota(objectIn(limits, "GET /limits")), clock(limits.header("date")));
  }

  for (const object of settings.leads ? (["Contact", "Lead"] as const) : (["Contact"] as const)) {
    const people = await attempt(`${object} fields`, () =>
      personFields(settings, call, object, context),
    );
    if (people === undefined) continue;
    const { individual } = people.people;
    ok(
      `${object} fields`,
      individual === undefined
        ? "readable; the organisation keeps no Individual records, so nobody can be seen to refuse profiling there"
        : "readable, privacy choices too",
    );
    const described = await attempt(`${object} updates`, () => describe(call, object, context));
    if (described === undefined) continue;
    items.push(
      described.updateable
        ? { name: `${object} updates`, ok: true, message: "allowed" }
        : {
            name: `${object} updates`,
            ok: false,
            message: `the user may not edit ${object} records`,
            hint: `Give the user the right to edit ${object} by a permission set.`,
            code: "scope",
          },
    );
  }
  await optional("opportunities", "Opportunity", ["Amount", "CloseDate", "IsWon"]);
  await optional("orders", "Order", ["EffectiveDate", "TotalAmount", "StatusCode"]);
  await optional("campaigns", "CampaignMember", ["CampaignId", "HasResponded"]);
  await optional("emails", "EmailMessageRelation", ["RelationId", "RelationType"]);

  const q = "SELECT Id FROM CustomField WHERE DeveloperName = 'inchworm'";
  try {
    await call(context, {
      method: "GET",
      path: "/tooling/query",
      query: { q },
      needs: "the “Customize Application” right",
    });
    ok("setup", "the user may make fields");
  } catch (error) {
    if (!InchwormError.is(error) || error.code === "aborted") throw error;
    // reading and writing go on without it
    ok(
      "setup",
      "the user may not make fields: an administrator deploys what bundle() of the adapter gives",
    );
  }
  return items;

  /** Things that not every organisation keeps, and not every user sees. */
  async function optional(name: string, object: string, fields: readonly string[]): Promise<void> {
    const described = await attempt(name, () => describe(call, object, context));
    if (described === undefined) {
      if (items.at(-1)?.name !== name) ok(name, `not read: the user sees no ${object} records`);
      return;
    }
    const hidden = fields
      .filter((field) => !sees(described, field))
      .map((field) => `${object}.${field}`);
    ok(
      name,
      hidden.length === 0 ? "readable" : `not read: the user does not see ${hidden.join(", ")}`,
    );
  }
}

function quota({ DailyApiRequests }: Readonly<Record<string, unknown>>): CheckItem {
  const { Max, Remaining } = (DailyApiRequests ?? {}) as { Max?: unknown; Remaining?: unknown };
  if (typeof Max !== "number" || typeof Remaining !== "number")
    return { name: "limits", ok: true, message: "not told" };
  const message = `${Max} requests in 24 hours, ${Remaining} left`;
  if (Remaining > 0) return { name: "limits", ok: true, message };
  return {
    name: "limits",
    ok: false,
    message,
    hint: "Go on tomorrow, or see under Setup > Company Information who uses them.",
    code: "quota",
  };
}

function clock(date: string | undefined): CheckItem {
  const there = Date.parse(date ?? "");
  const skew = Math.round((Date.now() - there) / 1000);
  if (Number.isNaN(skew)) return { name: "clock", ok: true, message: "not told" };
  const message = `${Math.abs(skew)} s ${skew < 0 ? "behind" : "ahead of"} Salesforce`;
  if (Math.abs(skew) * 1000 <= mostSkewMs) return { name: "clock", ok: true, message };
  return {
    name: "clock",
    ok: false,
    message,
    hint: "Set this machine's clock by the network (NTP).",
    code: "config",
  };
}

function bad(name: string, error: InchwormError): CheckItem {
  const { message, code, hint } = error;
  return { name, ok: false, message, code, ...(hint === undefined ? {} : { hint }) };
}
