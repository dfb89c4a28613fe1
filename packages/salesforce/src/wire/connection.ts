import { networkError, seeThrough, withDeadline } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import type { Connection as Client, HttpRequest, HttpRequestOptions, HttpResponse } from "jsforce";
import type { Login, Session } from "../login/login.js";
import type { LaneName, Settings } from "../options.js";
import { allowance } from "./allowance.js";
import { answerError, isSessionEnd } from "./refusal.js";

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  /** Behind the version, such as "/limits"; or from the root, such as "/services/oauth2/userinfo". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of a JSON body. */
  readonly csv?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Defaults to "rest". */
  readonly lane?: LaneName;
  /** Whether sending it twice leaves the same state as once. Defaults to true: ours read, or set absolute values by record id. */
  readonly repeatable?: boolean;
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

/** The one way to Salesforce: through the caller's gate and the official client, with a deadline. */
export type Connection = (context: CallContext, call: Call) => Promise<Answer>;

/** New sessions that one request may come to need: one that is refused at once is not asked for again and again. */
const mostRenewals = 2;

/**
 * Of the official client only the plain request is used. Its own retries and redirects are switched off: the gate retries, and a
 * redirect would carry the token elsewhere. It takes no signal and waits for ever for the rest of a broken answer: both are seen to
 * here. A session that has ended is renewed, and the request sent again through the gate.
 */
export function connection(settings: Settings, login: Login): Connection {
  let opened: { readonly session: Session; readonly client: Promise<Client> } | undefined;

  /** One client for one session, so that no request goes out with half of another's. */
  const clientOf = (session: Session): Promise<Client> => {
    if (opened?.session.accessToken !== session.accessToken) {
      const { instanceUrl, accessToken } = session;
      const version = settings.apiVersion;
      // loading the client takes a quarter of a second, which a program that only plans need not pay
      const client = import("jsforce").then(
        (jsforce) => new jsforce.Connection({ instanceUrl, accessToken, version }),
      );
      opened = { session, client };
    }
    return opened.client;
  };

  return async (context, call) => {
    let session = await login.current(context);
    for (let renewals = 0; ; renewals++) {
      try {
        return await sent(context, call, session);
      } catch (error) {
        if (!isSessionEnd(error) || renewals === mostRenewals) throw error;
        const renewed = await login.renew(session, context);
        if (renewed === undefined) throw error;
        session = renewed;
      }
    }
  };

  function sent(context: CallContext, call: Call, session: Session): Promise<Answer> {
    const { lane = "rest", repeatable = true } = call;
    const { signal } = context;
    const request = `${call.method} ${call.path}`;
    const label = `salesforce: ${request}`;
    const cutShort = () => new InchwormError("server", `${label}: the answer was cut short.`);
    const send = async (within: AbortSignal): Promise<Answer> => {
      const client = await clientOf(session);
      within.throwIfAborted();
      const response = await exchange(client, httpRequest(call)).catch((error: unknown) => {
        throw networkError(error, label, session.instanceUrl);
      });
      const header = (name: string) => response.headers[name];
      context.gate.observe(lane, allowance(header("sforce-limit-info")));
      const answer = { status: response.statusCode, text: response.body, header };
      const { status } = answer;
      if ((status >= 200 && status < 300) || call.expect?.includes(status)) return answer;
      const secrets = [...login.settings.secrets, session.accessToken];
      throw answerError({ ...answer, label, needs: call.needs, secrets });
    };
    return context.gate.request(
      { lane, repeatable, label: request, ...(signal === undefined ? {} : { signal }) },
      (gate) =>
        withDeadline({ label, timeoutMs: settings.timeoutMs, signals: [gate, signal] }, (within) =>
          seeThrough(within, () => send(within), cutShort),
        ),
    );
  }
}

/** One request and its answer as they are: the client parses bodies by their type, and throws its own errors for statuses. */
async function exchange(client: Client, request: HttpRequest): Promise<HttpResponse> {
  let seen: HttpResponse | undefined;
  const transport = {
    httpRequest(one: HttpRequest, options: HttpRequestOptions) {
      const response = client._transport.httpRequest(one, options);
      response.then(
        (whole) => {
          seen = whole;
        },
        () => {},
      );
      return response;
    },
  };
  const options = {
    transport,
    responseType: "text/plain",
    retry: { methods: [] },
    followRedirect: false,
  };
  try {
    await client.request(request, options);
  } catch (error) {
    if (seen === undefined) throw error;
  }
  return seen as HttpResponse;
}

function httpRequest({ method, path, query, body, csv, headers }: Call): HttpRequest {
  const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
  const type = csv === undefined ? "application/json" : "text/csv";
  const content = csv ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    method,
    url: path + search,
    headers: {
      // one connection for many requests: the client would close each otherwise
      connection: "keep-alive",
      ...(content === undefined ? {} : { "content-type": `${type}; charset=UTF-8` }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  };
}
