import { objects } from "@inchworm/kit";
import { type Allowance, type CallContext, type CheckItem, InchwormError } from "@inchworm/spec";
import type { Call, Connection } from "./connection.js";
import { namedProperties } from "./contact-record.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";
import { propertyHint } from "./required.js";

/** Asks HubSpot what it lets this token do. Writing permissions are tried with empty lists, which change nothing. */
export async function checkAccount(
  settings: Settings,
  call: Connection,
  context: CallContext,
): Promise<readonly CheckItem[]> {
  const at = paths(settings.apiVersion);
  let seen: Allowance = {};
  const watching: CallContext = {
    ...context,
    gate: {
      request: (request, run) => context.gate.request(request, run),
      observe(lane, allowance) {
        seen = { ...seen, ...allowance };
        context.gate.observe(lane, allowance);
      },
    },
  };

  const account = await attempt({ method: "GET", path: at.account, scope: "oauth" });
  const known = account.error?.code;
  if (account.error !== undefined && known !== "scope" && known !== "not-found") {
    const limited = known === "quota" || known === "rate-limit";
    return [bad(known === "auth" ? "token" : limited ? "limits" : "connection", account.error)];
  }
  const properties = await attempt(probe("GET", at.properties, "crm.schemas.contacts.read"));
  const tried = [
    await attempt(probe("GET", at.contacts, "crm.objects.contacts.read", { limit: "1" })),
    await attempt(probe("POST", `${at.contacts}/batch/update`, "crm.objects.contacts.write")),
    properties,
    await attempt(probe("POST", `${at.properties}/batch/create`, "crm.schemas.contacts.write")),
  ];
  if (known === "not-found" && tried.every(({ error }) => error?.code === "not-found")) {
    const message = `hubspot: what answers at ${settings.baseUrl} is not HubSpot.`;
    return [{ name: "connection", ok: false, message, hint: 'Correct "baseUrl".', code: "config" }];
  }

  const portal = account.body?.portalId;
  const items: CheckItem[] = [
    {
      name: "token",
      ok: true,
      message: portal === undefined ? "accepted" : `accepted by portal ${String(portal)}`,
    },
  ];
  for (const { scope, error } of tried) {
    items.push(
      error === undefined ? { name: scope, ok: true, message: "granted" } : bad(scope, error),
    );
  }

  const { requests, perMs, daily, dailyRemaining } = seen;
  const pace = requests && perMs ? `${requests} requests per ${perMs / 1000} s` : undefined;
  const day = dailyRemaining === undefined ? undefined : `${dailyRemaining} left today`;
  items.push({
    name: "limits",
    ok: dailyRemaining === undefined || dailyRemaining > 0,
    message:
      [pace, daily ? `${daily} a day` : undefined, day].filter(Boolean).join(", ") || "not told",
    ...(dailyRemaining === 0
      ? { hint: "Go on after midnight in the account's time zone.", code: "quota" }
      : {}),
  });

  if (properties.body !== undefined) {
    const names = new Set(objects(properties.body, "results").map((property) => property.name));
    for (const [option, name] of Object.entries(namedProperties(settings))) {
      items.push(
        names.has(name)
          ? { name: option, ok: true, message: `${name} exists` }
          : {
              name: option,
              ok: false,
              message: `contacts have no property "${name}"`,
              hint: propertyHint,
              code: "config",
            },
      );
    }
  }
  return items;

  function probe(
    method: "GET" | "POST",
    path: string,
    scope: string,
    query?: Record<string, string>,
  ): Call {
    const body = method === "POST" ? { body: { inputs: [] }, expect: [400, 409, 422] } : {};
    return { method, path, scope, ...body, ...(query === undefined ? {} : { query }) };
  }

  async function attempt(request: Call): Promise<{
    readonly scope: string;
    readonly body?: Record<string, unknown>;
    readonly error?: InchwormError;
  }> {
    try {
      const { body } = await call(watching, request);
      return { scope: request.scope, body };
    } catch (error) {
      if (!InchwormError.is(error) || error.code === "aborted") throw error;
      return { scope: request.scope, error };
    }
  }
}

function bad(name: string, error: InchwormError): CheckItem {
  return {
    name,
    ok: false,
    message: error.message,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}
