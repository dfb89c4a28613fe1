import { redact } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";

/** One of Salesforce's complaints, about a request or a record. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
}

/** The complaints in an answer's body. Requests say `errorCode`, records `statusCode`. */
export function complaints(body: unknown): readonly Complaint[] {
  const list = Array.isArray(body) ? body : [body];
  return list.flatMap((entry: unknown) => {
    const { errorCode, statusCode, message, fields } = (entry ?? {}) as Record<string, unknown>;
    const code = errorCode ?? statusCode;
    if (typeof code !== "string") return [];
    return {
      code,
      message: typeof message === "string" ? message : "",
      fields: (Array.isArray(fields) ? fields : []).filter((name) => typeof name === "string"),
    };
  });
}

/** True for a session that has ended, which another login mends. */
export function isSessionEnd(error: unknown): boolean {
  return InchwormError.is(error, "auth") && error.vendorCode === "INVALID_SESSION_ID";
}

/**
 * What stood in an answer that is not a success, as the one error we throw.
 * https://developer.salesforce.com/docs/platform/api-rest/guide/errorcodes.md
 */
export function answerError(answer: {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | undefined;
  readonly label: string;
  readonly needs: string;
  readonly secrets: readonly string[];
}): InchwormError {
  const { status, label, needs } = answer;
  const [{ code, message }] = [
    ...complaints(json(answer.text)),
    { code: `HTTP_${status}`, message: "" },
  ];
  const said = message === "" ? "" : ` Salesforce says: ${redact(message, answer.secrets)}`;
  const vendorCode = code;

  if (code === "REQUEST_LIMIT_EXCEEDED") {
    // one code for the day's requests and for too many long ones at once
    if (/concurrent/i.test(message)) {
      return new InchwormError("rate-limit", `${label}: too many requests at once.`, {
        vendorCode,
      });
    }
    return new InchwormError(
      "quota",
      `${label}: the organisation's requests of the last 24 hours are used up.`,
      {
        hint: "Go on tomorrow, or see under Setup > Company Information who uses them.",
        vendorCode,
      },
    );
  }
  if (status === 401) {
    const ended = code === "INVALID_SESSION_ID";
    return new InchwormError(
      "auth",
      `${label}: ${ended ? "the session has ended" : "the token was not accepted"}.`,
      {
        hint: "Log in anew: set the login's variables, or a fresh SALESFORCE_ACCESS_TOKEN.",
        vendorCode,
      },
    );
  }
  if (status === 429 || status === 420) {
    const seconds = Number(answer.header("retry-after") || Number.NaN);
    return new InchwormError("rate-limit", `${label}: too many requests.`, {
      vendorCode,
      ...(seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}),
    });
  }
  if (
    status === 403 ||
    /^(INSUFFICIENT_ACCESS|API_(DISABLED|CURRENTLY)|CANNOT_INSERT_UPDATE_ACTIVATE)/.test(code)
  ) {
    return new InchwormError("scope", `${label}: refused (${code}); it needs ${needs}.`, {
      hint: `Give the user ${needs} by a permission set.`,
      vendorCode,
    });
  }
  if (
    status >= 500 ||
    status === 408 ||
    status < 400 ||
    /^(UNABLE_TO_LOCK_ROW|QUERY_TIMEOUT|SERVER_UNAVAILABLE)$/.test(code)
  ) {
    return new InchwormError(
      "server",
      `${label}: Salesforce failed (${status >= 500 ? `HTTP ${status}` : code}).`,
      { vendorCode },
    );
  }
  return new InchwormError(
    status === 404 || status === 410 ? "not-found" : "rejected",
    `${label}: refused (${code}).${said}`,
    { vendorCode },
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
