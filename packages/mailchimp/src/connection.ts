/// <reference path="./api-client.d.ts" />
import { networkError, readJson, seeThrough, withDeadline } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import type ApiClient from "@mailchimp/mailchimp_marketing/src/ApiClient.js";
import type { LaneName, Settings } from "./options.js";
import { answerError, lenient } from "./refusal.js";

/** One request to the API. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  /** With what varies in braces, for the label must name nobody. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Defaults to "standard". */
  readonly lane?: LaneName;
  /** False where a second one would do more than the first. Defaults to true. */
  readonly repeatable?: boolean;
  /** Refusals the caller deals with: given back like a success. */
  readonly expect?: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The one way to Mailchimp: through the caller's gate and the official client, with a deadline. */
export type Connection = (context: CallContext, call: Call) => Promise<Answer>;

/**
 * The official package exports one client for the whole process; each account gets an `ApiClient` of its own instead. Of it only
 * `callApi` is used, whose answers lose nothing, with the whole address as its base: it would put a configured `server` into the
 * first place of the address that spells that word. It never retries, and its errors hold the request with its headers, so nothing of
 * them is passed on.
 */
export function connection(settings: Settings): Connection {
  let client: Promise<ApiClient> | undefined;
  const connect = async () => {
    const { default: Client } = await import("@mailchimp/mailchimp_marketing/src/ApiClient.js");
    const opened = new Client();
    opened.setConfig(settings.key);
    opened.basePath = `${settings.baseUrl}/3.0`;
    opened.timeout = settings.timeoutMs;
    return opened;
  };

  return (context, call) => {
    const lane = call.lane ?? "standard";
    const request = `${call.method} ${call.path}`;
    const label = `mailchimp: ${request}`;
    const { signal } = context;
    const cutShort = () => new InchwormError("server", `${label}: the answer was cut short.`);
    const send = async (within: AbortSignal): Promise<Answer> => {
      client ??= connect();
      const opened = await client;
      within.throwIfAborted();
      const { status, text } = await ask(opened, call).catch((error: unknown) => {
        throw networkError(error, label, settings.baseUrl);
      });
      if (call.expect?.includes(status)) return { status, body: lenient(text) };
      if (status === 204) return { status, body: {} };
      if (status >= 200 && status < 300) return { status, body: readJson(text, label) };
      throw answerError({ status, text, label, secrets: settings.secrets });
    };
    const { repeatable = true } = call;
    return context.gate.request(
      { lane, repeatable, label: request, ...(signal === undefined ? {} : { signal }) },
      (gate) =>
        withDeadline({ label, timeoutMs: settings.timeoutMs, signals: [gate, signal] }, (within) =>
          seeThrough(within, () => send(within), cutShort),
        ),
    );
  };
}

/** Gives every answer, whatever its status; throws what the client throws where there was none. */
async function ask(
  client: ApiClient,
  call: Call,
): Promise<{ readonly status: number; readonly text: string }> {
  const json = ["application/json"];
  try {
    const { response } = await client.callApi(
      call.path,
      call.method,
      call.params ?? {},
      call.query ?? {},
      {},
      {},
      call.body,
      [],
      json,
      [...json, "application/problem+json"],
      null,
    );
    return { status: response.status, text: response.text ?? "" };
  } catch (error) {
    const { response, statusCode, rawResponse } = error as {
      response?: { status?: unknown; text?: unknown };
      statusCode?: unknown;
      rawResponse?: unknown;
    };
    const status = response?.status ?? statusCode;
    const text = response?.text ?? rawResponse;
    if (typeof status !== "number") throw error;
    return { status, text: typeof text === "string" ? text : "" };
  }
}
