import { redact } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";
import { loginHint } from "../login/options.js";

/** What a refusal's body says: a numeric code, and a sentence. */
export interface Refusal {
  readonly code: string | undefined;
  readonly message: string;
}

export function refusal(text: string): Refusal {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  return {
    code: typeof code === "number" || typeof code === "string" ? String(code) : undefined,
    message: typeof message === "string" ? message : "",
  };
}

const endedSession = "184";

/** True for refusals that have nothing to do with what was asked: limits, the token, the business unit. Their status is anything. */
export function isGeneral(text: string): boolean {
  return ["66", "122", endedSession, "181", "201"].includes(refusal(text).code ?? "");
}

/** True for a token that has ended, which another login mends. */
export function isSessionEnd(error: unknown): boolean {
  return InchwormError.is(error, "auth") && error.vendorCode === endedSession;
}

/**
 * What stood in an answer that is not a success, as the one error we throw. The code in the body says more than the status: being
 * over a limit has none of its own.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/error-codes.html
 */
export function answerError(answer: {
  readonly status: number;
  readonly text: string;
  readonly label: string;
  readonly needs: string;
  readonly secrets: readonly string[];
}): InchwormError {
  const { status, label, needs, secrets } = answer;
  const { code, message } = refusal(answer.text);
  const vendorCode = code ?? `HTTP_${status}`;
  const said = message === "" ? "" : ` Account Engagement says: ${redact(message, secrets)}`;
  if (code === "66" || (status === 429 && code !== "122")) {
    return new InchwormError("rate-limit", `${label}: too many requests at once.`, { vendorCode });
  }
  if (code === "122") {
    return new InchwormError(
      "quota",
      `${label}: the business unit's requests of today are used up.`,
      {
        hint: "Go on after midnight in the account's time zone.",
        vendorCode,
      },
    );
  }
  if (code === endedSession || status === 401) {
    return new InchwormError("auth", `${label}: the token was not accepted (${vendorCode}).`, {
      hint: `Give the app the scope pardot_api, and the user an Account Engagement user with single sign-on. ${loginHint}`,
      vendorCode,
    });
  }
  if (code === "181" || code === "201") {
    return new InchwormError("config", `${label}: the business unit was not accepted (${code}).`, {
      hint: 'Compare "businessUnitId" with Setup > Business Unit Setup; sandboxes and developer organisations need "baseUrl" https://pi.demo.pardot.com.',
      vendorCode,
    });
  }
  if (status === 403 || code === "49") {
    return new InchwormError("scope", `${label}: refused (${vendorCode}); it needs ${needs}.`, {
      hint: `Give the user's Account Engagement role ${needs}.`,
      vendorCode,
    });
  }
  if (status >= 500 || status === 408 || status < 400) {
    return new InchwormError("server", `${label}: Account Engagement failed (HTTP ${status}).`, {
      vendorCode,
    });
  }
  return new InchwormError(
    status === 404 || code === "109" ? "not-found" : "rejected",
    `${label}: refused (${vendorCode}).${said}`,
    { vendorCode },
  );
}
