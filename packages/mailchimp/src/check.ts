import { type CallContext, type CheckItem, InchwormError } from "@inchworm/spec";
import type { Call, Connection } from "./connection.js";
import { namedFields } from "./contact-record.js";
import { listMergeFields } from "./merge-fields.js";
import type { Settings } from "./options.js";
import { words } from "./values.js";

/** Asks Mailchimp what it lets this key do. Nothing is written. */
export async function checkAccount(
  settings: Settings,
  call: Connection,
  context: CallContext,
): Promise<readonly CheckItem[]> {
  const account = await attempt({ method: "GET", path: "/", query: { fields: "account_id,role" } });
  if (account.error !== undefined) {
    return [bad(account.error.code === "auth" ? "key" : "connection", account.error)];
  }
  const role = words(account.body.role);
  const writes = role === undefined || !/viewer|author/i.test(role);
  const items: CheckItem[] = [
    {
      name: "key",
      ok: true,
      message: `accepted by account ${words(account.body.account_id) ?? "?"}`,
    },
    writes
      ? { name: "role", ok: true, message: role ?? "not told" }
      : {
          name: "role",
          ok: false,
          message: `the key's user is ${role}, who may not write on contacts`,
          hint: "Use the key of a user whose role is Manager or above.",
          code: "scope",
        },
  ];
  const params = { list_id: settings.audience };
  const query = { fields: "id,name,stats.member_count,stats.merge_field_count" };
  const audience = await attempt({ method: "GET", path: "/lists/{list_id}", params, query });
  if (audience.error !== undefined) {
    const hint =
      'Correct "audience": Audience > Settings > Audience name and defaults shows its id.';
    return [...items, { ...bad("audience", audience.error), hint }];
  }
  const { stats } = audience.body as { stats?: { member_count?: unknown } };
  items.push({
    name: "audience",
    ok: true,
    message: `${Number(stats?.member_count ?? 0)} subscribed`,
  });

  const found = await listMergeFields(settings, call, context);
  const room = settings.mostMergeFields - found.length;
  items.push({
    name: "merge fields",
    ok: room > 0,
    message: `${found.length} of ${settings.mostMergeFields} used`,
    ...(room > 0
      ? {}
      : {
          hint: 'Delete one, or name fewer in "fields", or write tags.',
          code: "rejected" as const,
        }),
  });
  const tags = new Set(found.map(({ tag }) => tag));
  for (const [option, tag] of Object.entries(namedFields(settings))) {
    items.push(
      tags.has(tag)
        ? { name: option, ok: true, message: `${tag} exists` }
        : {
            name: option,
            ok: false,
            message: `the audience has no merge field ${tag}`,
            hint: "Take the tag from Audience > Settings > Audience fields and MERGE tags.",
            code: "config",
          },
    );
  }
  return items;

  async function attempt(
    request: Call,
  ): Promise<{ readonly body: Record<string, unknown>; readonly error?: InchwormError }> {
    try {
      const { body } = await call(context, request);
      return { body };
    } catch (error) {
      if (!InchwormError.is(error) || error.code === "aborted") throw error;
      return { body: {}, error };
    }
  }
}

function bad(name: string, error: InchwormError): CheckItem {
  const { message, code, hint } = error;
  return { name, ok: false, message, code, ...(hint === undefined ? {} : { hint }) };
}
