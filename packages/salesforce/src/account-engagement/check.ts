import { type CallContext, type CheckItem, InchwormError } from "@inchworm/spec";
import { type Answer, allowance, type Connection, objectIn } from "./connection.js";
import { customFields } from "./custom-fields.js";
import type { Settings } from "./options.js";
import { needsProspects } from "./prospects.js";

/** Times of the JWT flow live three minutes: a clock that is further off than this is told. */
const mostSkewMs = 60_000;

/** Asks Account Engagement what it lets this user do. Nothing is written. */
export async function checkUnit(
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
      const { message, code, hint } = error;
      items.push({ name, ok: false, message, code, ...(hint === undefined ? {} : { hint }) });
      return undefined;
    }
  };
  const ok = (name: string, message: string) => items.push({ name, ok: true, message });
  const look = (path: string, fields: string, needs: string) =>
    call(context, { method: "GET", path, query: { fields, limit: "1" }, needs });

  if ((await attempt("login", () => settings.login.current(context))) === undefined) return items;
  ok("login", "accepted by Salesforce");
  const fields = "id,email,optedOut,isDoNotEmail,isDeleted,updatedAt";
  const people = await attempt("prospects", () =>
    look("objects/prospects", fields, needsProspects),
  );
  if (people === undefined) return items;
  ok(
    "prospects",
    `readable in business unit ${settings.businessUnitId.slice(0, 15)}, opt-outs too`,
  );
  items.push(quota(people), clock(people));

  for (const [name, path] of [
    ["activities", "objects/visitor-activities"],
    ["list e-mails", "objects/list-emails"],
  ] as const) {
    if ((await attempt(name, () => look(path, "id", "the right to view them"))) !== undefined) {
      ok(name, "readable");
    }
  }
  const standing = await attempt("custom fields", () => customFields(call, context));
  if (standing !== undefined) {
    ok("custom fields", `the user may look at them and make them; there are ${standing.size}`);
  }
  if (settings.batchSize > settings.directAtMost) {
    const needs = "the ability Prospects > Prospects > Import";
    const imports = await attempt("imports", () => look("imports", "id", needs));
    if (imports !== undefined) {
      objectIn(imports, "GET imports");
      ok("imports", "allowed");
    }
  }
  return items;
}

function quota({ header }: Answer): CheckItem {
  const name = "limits";
  const { daily, dailyRemaining } = allowance(header("x-api-usage"));
  if (daily === undefined || dailyRemaining === undefined) {
    return { name, ok: true, message: "not told" };
  }
  const message = `${daily} requests a day, ${dailyRemaining} left`;
  if (dailyRemaining > 0) return { name, ok: true, message };
  return {
    name,
    ok: false,
    message,
    hint: "Go on after midnight in the account's time zone.",
    code: "quota",
  };
}

function clock({ header }: Answer): CheckItem {
  const name = "clock";
  const skew = Math.round((Date.now() - Date.parse(header("date") ?? "")) / 1000);
  if (Number.isNaN(skew)) return { name, ok: true, message: "not told" };
  const message = `${Math.abs(skew)} s ${skew < 0 ? "behind" : "ahead of"} Account Engagement`;
  if (Math.abs(skew) * 1000 <= mostSkewMs) return { name, ok: true, message };
  return {
    name,
    ok: false,
    message,
    hint: "Set this machine's clock by the network (NTP).",
    code: "config",
  };
}
