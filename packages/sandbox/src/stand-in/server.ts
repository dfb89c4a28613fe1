import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { InchwormError } from "@inchworm/spec";
import type { Answer } from "./answer.js";
import type { Fault } from "./fault-dice.js";
import type { Journal } from "./journal.js";

const mostBytes = 192 * 2 ** 20;

/** A request as it arrived whole. */
export interface Request {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  /** Without the query, for links to further pages. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it came. */
  readonly text: string;
  /** The body as JSON, parsed once; undefined when it is none. */
  readonly json: () => unknown;
}

export interface Outcome {
  readonly answer: Answer;
  /** For the counts: what was asked for, with ids left out. */
  readonly route: string;
  readonly fault: Fault | undefined;
  /** Milliseconds before the answer, beside the latency. */
  readonly delayMs?: number;
  /** Told once the answer is sent, or its connection destroyed. */
  readonly ended?: () => void;
}

/** What a vendor's stand-in does with a request. */
export interface StandIn {
  /** For messages, such as "hubspot sandbox". */
  readonly name: string;
  now(): number;
  /** Milliseconds between the work and its answer. */
  latency(): number;
  readonly journal: Journal;
  /** Answers a request to the API, here and now, in the order of arrival. */
  handle(request: Request): Outcome;
  /**
   * Answers a request under /sandbox/ from a script that drives the stand-in.
   *
   * @throws InchwormError "not-found" or "input", which become 404 and 400
   */
  control(request: Request): Answer;
}

/**
 * Serves a stand-in on this machine alone.
 *
 * @throws InchwormError "config" when the port is in use
 */
export async function serve(
  standIn: StandIn,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(
    { maxHeaderSize: 2 ** 18, keepAliveTimeout: 72_000 },
    (request, response) => {
      // a client that went away in the middle is no fault of the stand-in's
      exchange(standIn, request, response).catch(() => response.destroy());
    },
  );
  await listen(server, port, standIn.name);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function exchange(
  standIn: StandIn,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/", headers } = incoming;
  const text = await readText(incoming);
  const [path, search = ""] = split(url, "?");
  const query = new URLSearchParams(search);
  const request = { method, url, path, query, headers, text, json: parsedOnce(text) };
  if (path.startsWith("/sandbox/")) {
    const message = `${standIn.name}: this is for programs on this machine.`;
    const answer = isForeign(headers)
      ? { status: 403, body: { message } }
      : controlled(() => standIn.control(request));
    send(response, answer);
    return;
  }
  const at = standIn.now();
  const { answer, route, fault, delayMs = 0, ended } = handled(() => standIn.handle(request));
  standIn.journal.answered(
    { at, method, path: url, status: answer.status, body: text },
    route,
    fault?.kind,
  );
  const latency = standIn.latency() + delayMs;
  if (latency > 0) await wait(latency, undefined, { ref: false });
  ended?.();
  if (answer.status === 0) incoming.socket.destroy();
  else send(response, answer, fault?.kind === "cut");
}

// A stand-in may hold a real shop's contacts: no web page may reach them through the browser, by a rebound name or a form.
function isForeign({ host = "", origin }: IncomingMessage["headers"]): boolean {
  return origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
}

function send(response: ServerResponse, answer: Answer, cut = false): void {
  const type = answer.content?.type ?? "application/json;charset=utf-8";
  const json = answer.body === undefined ? "" : JSON.stringify(answer.body);
  const data = Buffer.from(answer.content?.data ?? json);
  response.writeHead(answer.status, {
    ...(data.length > 0 && { "Content-Type": type }),
    ...(answer.status !== 204 && { "Content-Length": String(data.length) }),
    ...answer.headers,
  });
  if (!cut) response.end(data);
  else if (data.length === 0) response.destroy();
  else response.write(data.subarray(0, data.length >> 1), () => response.destroy());
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > mostBytes) throw new Error("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsedOnce(text: string): () => unknown {
  let parsed: { readonly value: unknown } | undefined;
  return () => {
    if (!parsed) {
      try {
        parsed = { value: JSON.parse(text) };
      } catch {
        parsed = { value: undefined };
      }
    }
    return parsed.value;
  };
}

/** A fault of the stand-in itself must not look like one of the client's. */
function handled(act: () => Outcome): Outcome {
  try {
    return act();
  } catch (error) {
    return { answer: brokenDown(error), route: "(stand-in)", fault: undefined };
  }
}

function controlled(act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    if (!InchwormError.is(error)) return brokenDown(error);
    const { message, hint, code } = error;
    return { status: code === "not-found" ? 404 : 400, body: { message, hint } };
  }
}

function brokenDown(error: unknown): Answer {
  const message = `the stand-in itself failed: ${error instanceof Error ? error.stack : error}`;
  return { status: 599, body: { status: "error", message } };
}

function split(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function listen(server: Server, port: number, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(notListening(error, port, name)));
    server.listen(port, "127.0.0.1", () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function notListening(error: NodeJS.ErrnoException, port: number, name: string): InchwormError {
  const taken = error.code === "EADDRINUSE";
  return new InchwormError(
    "config",
    taken
      ? `${name}: port ${port} is in use by another program.`
      : `${name}: cannot listen on port ${port} (${error.code}).`,
    { hint: "Choose another port; 0 takes a free one.", cause: error },
  );
}
