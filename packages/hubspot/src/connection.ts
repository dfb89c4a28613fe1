import type { Client } from "@hubspot/api-client";
import { networkError, readJson, seeThrough, withDeadline } from "@inchworm/kit";
import { type Allowance, type CallContext, InchwormError } from "@inchworm/spec";
import { access } from "./access.js";
import type { LaneName, Settings } from "./options.js";
import { answerError, lenient } from "./refusal.js";

/** One request. All of ours may be sent twice: they read, set absolute values, or create what they first looked for. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Defaults to "standard". */
  readonly lane?: LaneName;
  /** The permission that it needs. */
  readonly scope: string;
  /** Refusals the caller deals with: given back like a success. */
  readonly expect?: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The one way to HubSpot: through the caller's gate and the official client, with a deadline. */
export type Connection = (context: CallContext, call: Call) => Promise<Answer>;

/**
 * The client's typed methods drop fields they do not know and lose the status, so only its `apiRequest` is used. That one throws
 * for no status, waits for nothing and knows no time-out: all three are done here.
 */
export function connection(settings: Settings): Connection {
  const tokens = access(settings);
  let client: Promise<Client> | undefined;
  // Loading the client takes about 60 ms, which a program that only plans need not pay.
  const connect = async () => {
    const { Client } = await import("@hubspot/api-client");
    // without a token of its own: each request carries the one that is good then
    return new Client({ basePath: settings.baseUrl });
  };

  const request = (context: CallContext, call: Call, token: string): Promise<Answer> => {
    const lane = call.lane ?? "standard";
    const name = `${call.method} ${call.path}`;
    const label = `hubspot: ${name}`;
    const signal = context.signal;
    const cutShort = () => new InchwormError("server", `${label}: the answer was cut short.`);
    const send = async (within: AbortSignal): Promise<Answer> => {
      client ??= connect();
      const opened = await client;
      within.throwIfAborted();
      const response = await opened
        .apiRequest({
          method: call.method,
          path: call.path,
          headers: { Authorization: `Bearer ${token}` },
          ...(call.query === undefined ? {} : { qs: { ...call.query } }),
          ...(call.body === undefined ? {} : { body: call.body }),
        })
        .catch((error: unknown) => {
          throw networkError(error, label, settings.baseUrl);
        });
      const header = (name: string) => response.headers.get(name);
      context.gate.observe(lane, allowance(header));
      const text = await response.text().catch(() => {
        throw cutShort();
      });
      const { status } = response;
      if (call.expect?.includes(status)) return { status, body: lenient(text) };
      if (status >= 200 && status < 300) return { status, body: readJson(text, label) };
      throw answerError({
        status,
        header,
        text,
        label,
        scope: call.scope,
        secrets: [token, ...tokens.secrets],
      });
    };
    return context.gate.request(
      { lane, repeatable: true, label: name, ...(signal === undefined ? {} : { signal }) },
      (gate) =>
        withDeadline({ label, timeoutMs: settings.timeoutMs, signals: [gate, signal] }, (within) =>
          seeThrough(within, () => send(within), cutShort),
        ),
    );
  };

  // the token is asked for before the request takes its place in the lane, which the asking needs, too
  return async (context, call) => {
    const token = await tokens.current(context);
    try {
      return await request(context, call, token);
    } catch (error) {
      if (!InchwormError.is(error, "auth")) throw error;
      const other = await tokens.renew(token, context);
      if (other === undefined) throw error;
      return request(context, call, other);
    }
  };
}

/** Search answers carry none of these headers. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
function allowance(header: (name: string) => string | null): Allowance {
  const named = {
    requests: header("x-hubspot-ratelimit-max"),
    perMs: header("x-hubspot-ratelimit-interval-milliseconds"),
    remaining: header("x-hubspot-ratelimit-remaining"),
    daily: header("x-hubspot-ratelimit-daily"),
    dailyRemaining: header("x-hubspot-ratelimit-daily-remaining"),
  };
  return Object.fromEntries(
    Object.entries(named)
      .filter(([, value]) => value !== null && value.trim() !== "")
      .map(([key, value]) => [key, Number(value)] as const)
      .filter(([, value]) => Number.isFinite(value) && value >= 0),
  );
}
