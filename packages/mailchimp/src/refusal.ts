import { objects, redact } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";
import { keySource } from "./options.js";

/** Mailchimp's account of what went wrong: a problem document. https://mailchimp.com/developer/marketing/docs/errors/ */
export interface Refusal {
  /** Its short name, such as "Member In Compliance State". */
  readonly title: string | undefined;
  readonly detail: string;
  /** Fields that it complains of, such as "IW_CHURN". */
  readonly fields: readonly string[];
}

export function refusal(body: Readonly<Record<string, unknown>>): Refusal {
  return {
    title: text(body.title),
    detail: text(body.detail) ?? "",
    fields: objects(body, "errors").flatMap(({ field }) => text(field) ?? []),
  };
}

/** What stood in an answer that is not a success, as the one error we throw. */
export function answerError(answer: {
  readonly status: number;
  readonly text: string;
  readonly label: string;
  readonly secrets: readonly string[];
}): InchwormError {
  const { status, label, secrets } = answer;
  const { title, detail, fields } = refusal(lenient(answer.text));
  const vendorCode = title ?? `HTTP_${status}`;
  const named = title ?? `HTTP ${status}`;
  if (status === 401) {
    return new InchwormError(
      "auth",
      `${label}: the key was not accepted (${redact(named, secrets)}).`,
      {
        hint: keySource,
        vendorCode,
      },
    );
  }
  // "at extreme volume": a 403 of the gateway's, which is no document
  if (status === 429 || (status === 403 && title === undefined)) {
    return new InchwormError("rate-limit", `${label}: too many connections at one time.`, {
      vendorCode,
    });
  }
  if (status === 403) {
    const code = /disabled|deactivated|datacenter/i.test(`${title} ${detail}`) ? "auth" : "scope";
    return new InchwormError(
      code,
      `${label}: the key may not do this (${redact(named, secrets)}).`,
      {
        hint: "Use the key of a user whose role is Manager or above.",
        vendorCode,
      },
    );
  }
  if (status >= 500 || status === 408 || status < 400) {
    return new InchwormError("server", `${label}: Mailchimp failed (HTTP ${status}).`, {
      vendorCode,
    });
  }
  const what = fields.length > 0 ? ` It complains of ${redact(fields.join(", "), secrets)}.` : "";
  const said = detail === "" ? "" : ` Mailchimp says: ${redact(detail, secrets)}`;
  return new InchwormError(
    status === 404 || status === 410 ? "not-found" : "rejected",
    `${label}: refused (${redact(named, secrets)}).${what}${said}`,
    { vendorCode },
  );
}

/** An error's body, `{}` where it is no JSON object. */
export function lenient(source: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(source);
    return typeof body === "object" && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
