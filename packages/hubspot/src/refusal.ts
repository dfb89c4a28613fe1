import { objects, redact } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";
import { tokenSource } from "./options.js";

/** HubSpot's account of what went wrong. Every field of it is optional by its own documentation. */
export interface Refusal {
  readonly category: string | undefined;
  /** The finest name there is, such as PROPERTY_DOESNT_EXIST. */
  readonly code: string | undefined;
  /** Property names it complains of. */
  readonly properties: readonly string[];
  readonly message: string;
  readonly policy: string | undefined;
  readonly scopes: readonly string[];
}

/** https://developers.hubspot.com/docs/api-reference/error-handling */
export function refusal(body: Readonly<Record<string, unknown>>): Refusal {
  const message = text(body.message) ?? "";
  const parts = [body, ...objects(body, "errors")];
  const contexts = parts.flatMap((part) => (isObject(part.context) ? [part.context] : []));
  const named = (pattern: RegExp) =>
    contexts.flatMap((context) =>
      Object.entries(context).flatMap(([key, value]) => (pattern.test(key) ? strings(value) : [])),
    );
  // Validation errors of single properties come as JSON inside the message.
  const inner = (key: string) =>
    [...message.matchAll(new RegExp(`"${key}"\\s*:\\s*"([A-Za-z0-9_]+)"`, "g"))].flatMap(
      (match) => match[1] ?? [],
    );
  const scopes = named(/scopes?$/i);
  const category = text(body.category) ?? text(body.errorType);
  return {
    category,
    code:
      parts.slice(1).map((part) => text(part.code))[0] ??
      inner("error")[0] ??
      text(body.subCategory)?.split(".").pop() ??
      category,
    properties: [...new Set([...named(/^property(Name)?s?$/i), ...inner("name")])],
    message,
    policy: text(body.policyName),
    scopes: [
      ...new Set(scopes.length > 0 ? scopes : (message.match(/\b[a-z]+(\.[a-z_-]+){2,}\b/g) ?? [])),
    ],
  };
}

/** What stood in an answer that is not a success, as the one error we throw. */
export function answerError(answer: {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
  readonly label: string;
  /** The permission that the call needs, in case HubSpot names none. */
  readonly scope: string;
  readonly secrets: readonly string[];
}): InchwormError {
  const { status, header, label } = answer;
  const told = refusal(lenient(answer.text));
  const vendorCode = told.policy ?? told.code ?? `HTTP_${status}`;
  const said = told.message === "" ? "" : ` HubSpot says: ${redact(told.message, answer.secrets)}`;
  const waitMs = retryAfter(header("retry-after"));

  if (status === 401) {
    const expired = /EXPIRED/.test(told.category ?? "");
    return new InchwormError(
      "auth",
      `${label}: the token ${expired ? "has expired" : "was not accepted"}.`,
      {
        hint: tokenSource,
        vendorCode,
      },
    );
  }
  if (status === 403) {
    const scopes = told.scopes.length > 0 ? told.scopes : [answer.scope];
    // A page instead of JSON comes from a gateway, whose reasons are its own.
    const surely = told.category === undefined ? "forbidden; most likely the token" : "the token";
    return new InchwormError("scope", `${label}: ${surely} lacks ${scopes.join(" or ")}.`, {
      hint: `Add the scope ${scopes.join(" or ")} to the app or key in HubSpot, then copy the token anew.`,
      vendorCode,
    });
  }
  if (status === 429) {
    // The day ends at midnight in the time zone of the account: no wait of seconds helps.
    if (/DAILY/i.test(told.policy ?? "") || /daily/i.test(told.message)) {
      return new InchwormError("quota", `${label}: the day's requests are used up.`, {
        hint: "Go on after midnight in the account's time zone, or raise the limit in HubSpot.",
        vendorCode: told.policy ?? "DAILY",
      });
    }
    // without a header the gate knows best: it has counted the window, and a made-up wait would hold the whole lane
    return new InchwormError("rate-limit", `${label}: too many requests.`, {
      vendorCode,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }
  // 423: written too fast, "wait at least 2 seconds". 477: the account moves between data centres, up to a day.
  if (status === 423 || status === 477) {
    const what = status === 423 ? "the record is locked" : "the account is moving";
    return new InchwormError("rate-limit", `${label}: ${what} just now.`, {
      retryAfterMs: Math.max(waitMs ?? 0, 2000),
      vendorCode: told.code ?? (status === 423 ? "LOCKED" : "MIGRATION_IN_PROGRESS"),
    });
  }
  if (status >= 500 || status === 408 || status < 400) {
    return new InchwormError("server", `${label}: HubSpot failed (HTTP ${status}).`, {
      vendorCode,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }
  return new InchwormError(
    status === 404 || status === 410 ? "not-found" : "rejected",
    `${label}: refused (${told.code ?? `HTTP ${status}`}).${said}`,
    { vendorCode },
  );
}

/** An error's body, `{}` where it is no JSON object. */
export function lenient(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

/** Seconds, or an HTTP date as some proxies send; a date gives no wait, for the clock is not ours. */
function retryAfter(value: string | null): number | undefined {
  const seconds = value === null || value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
