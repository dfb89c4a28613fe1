import { networkError, readJson, withDeadline } from "@inchworm/kit";
import type { Allowance, CallContext } from "@inchworm/spec";
import type { Session } from "../login/login.js";
import type { AccountEngagementLane, Settings } from "./options.js";
import { answerError, isGeneral, isSessionEnd } from "./refusal.js";

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  /** Behind "/api/v5/", with what varies in braces. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as the file of an import, in place of a JSON body. */
  readonly importFile?: string;
  /** Defaults to "standard". */
  readonly lane?: AccountEngagementLane;
  /** What the user needs for it, for people. */
  readonly needs: string;
  /** Refusals the caller deals with: given back like a success. */
  readonly expect?: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | undefined;
}

/** The one way to Account Engagement: through the caller's gate, with a deadline. All of our requests may be sent twice. */
export type Connection = (context: CallContext, call: Call) => Promise<Answer>;

/**
 * New sessions that one request may come to need: several, for requests under way at one time may each find theirs ended; and not many,
 * for a user whom Account Engagement does not know is refused with every one.
 */
const mostRenewals = 4;

/**
 * There is no official client for Node: requests are sent as they are. A token that has ended is renewed by the login, and the request
 * sent again through the gate. Redirects are not followed, for they would carry the token elsewhere.
 */
export function connection(settings: Settings): Connection {
  const { login, baseUrl, timeoutMs } = settings;
  let renewing: Promise<unknown> = Promise.resolve();

  return async (context, call) => {
    for (let renewals = 0; ; renewals++) {
      await login.current(context);
      const used: { session?: Session } = {};
      try {
        return await sent(context, call, used);
      } catch (error) {
        if (!isSessionEnd(error) || renewals === mostRenewals || !used.session) throw error;
        const renewed = login.renew(used.session, context);
        renewing = renewed.catch(() => {});
        if ((await renewed) === undefined) throw error;
      }
    }
  };

  function sent(context: CallContext, call: Call, used: { session?: Session }): Promise<Answer> {
    const { lane = "standard" } = call;
    const { signal } = context;
    const request = `${call.method} ${call.path}`;
    const label = `account-engagement: ${request}`;
    const send = async (within: AbortSignal): Promise<Answer> => {
      // taken when its turn has come, and none that was refused already: others may have found it ended
      await renewing;
      const session = await login.current(context);
      used.session = session;
      within.throwIfAborted();
      const { response, text } = await exchange(call, session, within).catch((error: unknown) => {
        throw networkError(error, label, baseUrl);
      });
      const header = (name: string) => response.headers.get(name) ?? undefined;
      context.gate.observe(lane, allowance(header("x-api-usage")));
      const { status } = response;
      const expected = call.expect?.includes(status) === true && !isGeneral(text);
      if ((status >= 200 && status < 300) || expected) return { status, text, header };
      const secrets = [...login.settings.secrets, session.accessToken];
      throw answerError({ status, text, label, needs: call.needs, secrets });
    };
    return context.gate.request(
      { lane, repeatable: true, label: request, ...(signal === undefined ? {} : { signal }) },
      (gate) => withDeadline({ label, timeoutMs, signals: [gate, signal] }, send),
    );
  }

  async function exchange(call: Call, { accessToken }: Session, signal: AbortSignal) {
    const { method, path, params = {}, query, body, importFile } = call;
    const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent(String(params[name] ?? "")),
    );
    const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    const response = await fetch(`${baseUrl}/api/v5/${filled}${search}`, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        "pardot-business-unit-id": settings.businessUnitId,
        "x-return-api-usage": "1",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(importFile === undefined ? {} : { body: form(importFile) }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      redirect: "manual",
    });
    return { response, text: await response.text() };
  }
}

function form(csv: string): FormData {
  const data = new FormData();
  data.append("importFile", new Blob([csv], { type: "text/csv" }), "scores.csv");
  return data;
}

/** The day as the header tells it, such as "18/25000". */
export function allowance(header: string | undefined): Allowance {
  const [, used, daily] = header?.match(/(\d+)\s*\/\s*(\d+)/) ?? [];
  if (used === undefined) return {};
  return { daily: Number(daily), dailyRemaining: Math.max(0, Number(daily) - Number(used)) };
}

/** The object in an answer's body. @throws InchwormError "server" */
export function objectIn({ text }: Answer, label: string): Record<string, unknown> {
  return readJson(text, `account-engagement: ${label}`);
}
