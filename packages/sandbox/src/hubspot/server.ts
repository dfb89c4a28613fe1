import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { InchwormError } from "@inchworm/spec";
import { Api, type Outcome } from "./api.js";
import type { Answer } from "./call.js";
import { control } from "./control-routes.js";
import type { Portal } from "./portal.js";

const mostBytes = 64 * 2 ** 20;

/** Serves a portal on this machine alone. */
export async function serve(
  portal: Portal,
  port: number,
  seed: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const api = new Api(portal, seed);
  const server = createServer(
    { maxHeaderSize: 2 ** 18, keepAliveTimeout: 72_000 },
    (request, response) => {
      // a client that went away in the middle is no fault of the portal's
      exchange(portal, api, request, response).catch(() => response.destroy());
    },
  );
  await listen(server, port);
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
  portal: Portal,
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const text = await readText(request);
  const [path, search = ""] = split(url, "?");
  const query = new URLSearchParams(search);
  const json = parsedOnce(text);
  if (path.startsWith("/sandbox/")) {
    const answer = isForeign(headers)
      ? { status: 403, body: { message: "hubspot sandbox: this is for programs on this machine." } }
      : controlled(() => control(portal, method, path, query, json));
    send(response, answer);
    return;
  }
  const at = portal.now();
  const outcome = handled(() =>
    api.handle(method, url, { portal, query, headers, text, json, path }),
  );
  const { answer, route, fault } = outcome;
  portal.journal.answered(
    { at, method, path: url, status: answer.status, body: text },
    route,
    fault?.kind,
  );
  const latency = portal.dice.latency();
  if (latency > 0) await wait(latency, undefined, { ref: false });
  if (answer.status === 0) request.socket.destroy();
  else send(response, answer, fault?.kind === "cut");
}

// A stand-in may hold a real shop's contacts: no web page may reach them through the browser, by a rebound name or a form.
function isForeign({ host = "", origin }: IncomingMessage["headers"]): boolean {
  return origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
}

function send(response: ServerResponse, answer: Answer, cut = false): void {
  const isPage = answer.html !== undefined;
  const text = answer.html ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const length = Buffer.byteLength(text);
  response.writeHead(answer.status, {
    ...(length > 0 && {
      "Content-Type": isPage ? "text/html;charset=utf-8" : "application/json;charset=utf-8",
    }),
    ...(answer.status !== 204 && { "Content-Length": String(length) }),
    ...answer.headers,
  });
  if (!cut) response.end(text);
  else if (length === 0) response.destroy();
  else response.write(Buffer.from(text).subarray(0, length >> 1), () => response.destroy());
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

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(notListening(error, port)));
    server.listen(port, "127.0.0.1", () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function notListening(error: NodeJS.ErrnoException, port: number): InchwormError {
  const taken = error.code === "EADDRINUSE";
  return new InchwormError(
    "config",
    taken
      ? `hubspot sandbox: port ${port} is in use by another program.`
      : `hubspot sandbox: cannot listen on port ${port} (${error.code}).`,
    { hint: "Choose another port; 0 takes a free one.", cause: error },
  );
}
