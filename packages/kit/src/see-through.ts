import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

interface Sending {
  request?: ClientRequest;
  readonly broken: () => void;
}

const sending = new AsyncLocalStorage<Sending>();
let listening = false;

/**
 * Runs one request of the official client and sees it through, for the client leaves two things undone: it takes no signal, so the
 * connection (and with it the process) would hang on until the other side gives up; and it waits for ever for the rest of an answer
 * whose connection broke. Node announces every request it makes on a diagnostics channel; the one announced while `run` is under way
 * is ours.
 *
 * @throws what `cutShort` gives, when the answer began and did not end
 */
export async function seeThrough<T>(
  signal: AbortSignal,
  run: () => Promise<T>,
  cutShort: () => Error,
): Promise<T> {
  listen();
  let fail: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const own: Sending = { broken: () => fail(cutShort()) };
  const close = () => own.request?.destroy();
  signal.addEventListener("abort", close, { once: true });
  try {
    return await Promise.race([sending.run(own, run), broken]);
  } finally {
    signal.removeEventListener("abort", close);
    fail = () => {};
  }
}

function listen(): void {
  if (listening) return;
  listening = true;
  // "created" (Node 22.12 on) also covers a request that is still connecting; "start" is there in Node 20.
  for (const channel of ["http.client.request.created", "http.client.request.start"]) {
    subscribe(channel, (message) => {
      const own = sending.getStore();
      const { request } = message as { request: ClientRequest };
      if (own === undefined || own.request === request) return;
      own.request = request;
      request.once("response", (response: IncomingMessage) => {
        const redirected = Math.floor((response.statusCode ?? 0) / 100) === 3;
        response.once("close", () => {
          if (!response.complete && !redirected) own.broken();
        });
      });
    });
  }
}
