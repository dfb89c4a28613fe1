import { randomUUID } from "node:crypto";
import { networkError, objects, withDeadline } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { type OperationResult, readResults } from "./result-file.js";

/** One request of a batch. */
export interface Operation {
  readonly method: "GET" | "POST" | "PATCH";
  /** With what varies in braces, as in a call. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** What one operation came to; `undefined` when nobody knows. */
export type Answered =
  | { readonly status: number; readonly body: Record<string, unknown> }
  | undefined;

export interface Batches {
  /**
   * Carries out operations as one batch, and gives their answers in order. Mailchimp does them some time later and in any order: no
   * two may touch the same thing.
   *
   * @throws InchwormError through the gate
   */
  run(operations: readonly Operation[], context: CallContext): Promise<Answered[]>;
  /**
   * Waits until batches as large as ours at most, submitted before now, have ended: one of them may be of a push that was killed, and
   * would put older values over newer ones.
   *
   * @throws InchwormError "server" when they have not ended after `batchWaitMs`
   */
  settled(context: CallContext): Promise<void>;
}

/** Times that a batch is submitted when its answer was lost and it cannot be found there. */
const submissions = 3;
/** Batches of the same size that are looked through for one whose answer was lost. */
const lookedThrough = 5;

/** https://mailchimp.com/developer/marketing/docs/batch-operations/ */
export function batchRunner(settings: Settings, call: Connection): Batches {
  /** Batches that are known to be somebody's own: ours, and those found to be others'. */
  const known = new Set<string>();

  const look = (id: string, context: CallContext) =>
    call(context, {
      method: "GET",
      path: "/batches/{batch_id}",
      params: { batch_id: id },
      lane: "looks",
    });

  /** Gives the address of the results; `undefined` when the batch has not ended in time. */
  async function ended(id: string, context: CallContext): Promise<string | undefined> {
    const begun = performance.now();
    for (;;) {
      const { body } = await look(id, context);
      if (body.status === "finished") return String(body.response_body_url ?? "");
      if (performance.now() - begun > settings.batchWaitMs) return undefined;
    }
  }

  async function results(id: string, context: CallContext): Promise<OperationResult[] | undefined> {
    const url = await ended(id, context);
    return url === undefined ? undefined : download(settings, url, context);
  }

  /** The batch that holds our operations, where the answer to its submission was lost. */
  async function find(
    count: number,
    nonce: string,
    context: CallContext,
  ): Promise<OperationResult[] | undefined> {
    const query = {
      count: "1000",
      fields: "batches.id,batches.total_operations,batches.submitted_at",
    };
    const { body } = await call(context, { method: "GET", path: "/batches", query });
    const candidates = objects(body, "batches")
      .filter(({ id, total_operations }) => total_operations === count && !known.has(String(id)))
      .sort((left, right) => String(right.submitted_at).localeCompare(String(left.submitted_at)));
    for (const { id } of candidates.slice(0, lookedThrough)) {
      known.add(String(id));
      const found = await results(String(id), context);
      if (found?.some(({ operationId }) => operationId.startsWith(nonce))) return found;
    }
    return undefined;
  }

  /** @returns what came of the operations; `undefined` when the batch has not ended in time */
  async function submit(
    operations: readonly Operation[],
    nonce: string,
    context: CallContext,
  ): Promise<OperationResult[] | undefined> {
    const body = {
      operations: operations.map(({ method, path, params, query, body }, index) => ({
        method,
        path: path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? "")),
        operation_id: `${nonce}.${index}`,
        ...(query === undefined ? {} : { params: query }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })),
    };
    for (let attempt = 1; ; attempt++) {
      let id: string;
      try {
        const answer = await call(context, {
          method: "POST",
          path: "/batches",
          body,
          repeatable: false,
        });
        id = String(answer.body.id);
      } catch (error) {
        const lost = InchwormError.is(error, "network") || InchwormError.is(error, "server");
        if (!lost) throw error;
        // never a second batch before it is known that there is no first one
        const found = await find(operations.length, nonce, context);
        if (found !== undefined) return found;
        if (attempt >= submissions) throw error;
        continue;
      }
      known.add(id);
      return results(id, context);
    }
  }

  return {
    async run(operations, context) {
      const nonce = randomUUID();
      const found = await submit(operations, nonce, context);
      const answers: Answered[] = operations.map(() => undefined);
      for (const { operationId, status, body } of found ?? []) {
        const [own, index] = operationId.split(".");
        if (own === nonce && Number(index) < answers.length)
          answers[Number(index)] = { status, body };
      }
      return answers;
    },

    async settled(context) {
      const query = { count: "1000", fields: "batches.id,batches.status,batches.total_operations" };
      const { body } = await call(context, { method: "GET", path: "/batches", query });
      for (const { id, status, total_operations: size } of objects(body, "batches")) {
        if (status === "finished" || Number(size) > settings.batchSize) continue;
        if ((await ended(String(id), context)) !== undefined) continue;
        throw new InchwormError(
          "server",
          "mailchimp: a batch of operations that was submitted earlier has still not ended.",
          {
            hint: "It may be of an earlier push and hold older scores. Push again once it has ended.",
          },
        );
      }
    },
  };
}

/** The results stand on another host, whose address is secret and expires; the key is none of its business. */
async function download(
  settings: Settings,
  address: string,
  context: CallContext,
): Promise<OperationResult[]> {
  const request = "GET (results of a batch)";
  const label = `mailchimp: ${request}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const own = url?.origin === new URL(settings.baseUrl).origin;
  if (url === undefined || !(url.protocol === "https:" || own)) {
    throw new InchwormError("server", `${label}: Mailchimp gave no address that could be used.`);
  }
  const { signal } = context;
  return context.gate.request(
    {
      lane: "files",
      repeatable: true,
      label: request,
      ...(signal === undefined ? {} : { signal }),
    },
    (gate) =>
      withDeadline(
        { label, timeoutMs: settings.timeoutMs, signals: [gate, signal] },
        async (within) => {
          const lost = (error: unknown) => networkError(error, label, url.origin);
          const response = await fetch(url, { signal: within, redirect: "error" }).catch(
            (error) => {
              throw lost(error);
            },
          );
          if (!response.ok || response.body === null) {
            await response.body?.cancel();
            throw new InchwormError("server", `${label}: HTTP ${response.status}.`, {
              vendorCode: `HTTP_${response.status}`,
            });
          }
          return readResults(response.body, label);
        },
      ),
  );
}
