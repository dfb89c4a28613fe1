import { type Answer, page } from "../stand-in/answer.js";
import type { Fault } from "../stand-in/fault-dice.js";
import { random, uuid } from "../stand-in/random.js";
import type { Outcome, Request } from "../stand-in/server.js";
import type { Account } from "./account.js";
import type { Operation, OperationResult } from "./batch-queue.js";
import { notFound, Problem, tooMany } from "./problem.js";
import { findRoute } from "./routes.js";

const base = "/3.0";

/** Gives one request its answer. Everything happens here and now, in the order of arrival. */
export class Api {
  readonly #account: Account;
  readonly #next: () => number;

  constructor(account: Account, seed: number) {
    this.#account = account;
    this.#next = random(seed + 0xc0);
  }

  /** Carries out the operations whose time has come. */
  advance(): void {
    const account = this.#account;
    account.batches.advance(account.now(), (operation) => this.#operate(operation));
  }

  handle(request: Request): Outcome {
    this.advance();
    const account = this.#account;
    if (request.path.startsWith("/batch-results/")) return this.#file(request);
    if (request.path === "/oauth2/metadata") return this.#metadata(request);
    const path = request.path === base ? "" : request.path.slice(base.length);
    const found = request.path.startsWith(base)
      ? findRoute(request.method, path, account.audience)
      : "no such path";
    const route = typeof found === "string" ? "(unknown)" : found.route.shape;
    if (account.underWay >= account.connections) {
      account.refused++;
      return { answer: this.#problem(tooMany()), route, fault: undefined };
    }
    account.underWay++;
    account.mostUnderWay = Math.max(account.mostUnderWay, account.underWay);
    const ended = () => {
      account.underWay--;
    };
    const fault = account.dice.draw();
    const answer = this.#suffer(fault, request, () => {
      this.#authorise(request);
      if (found === "no such path") throw notFound();
      if (found === "no such method") {
        const detail = "The requested method and resource are not compatible.";
        throw new Problem(405, "Method Not Allowed", detail);
      }
      return found.route.run({ ...request, account, params: found.params });
    });
    const delayMs = fault?.kind === "stalled" ? account.timeoutMs : 0;
    return { answer, route, fault, delayMs, ended };
  }

  #suffer(fault: Fault | undefined, request: Request, work: () => Answer): Answer {
    if (!fault) return this.#attempt(work);
    const answer = fault.worked ? this.#attempt(work) : undefined;
    switch (fault.kind) {
      case "rateLimit":
        return this.#problem(tooMany());
      case "forbidden403":
        return page(403, "Forbidden");
      case "htmlErrors":
        return page(fault.status, "Bad Gateway");
      case "serverError": {
        const title = "Internal Server Error";
        const detail = `An unexpected internal error has occurred with ${request.method}.`;
        return fault.status === 502
          ? page(502, "Bad Gateway")
          : this.#problem(new Problem(fault.status, title, detail));
      }
      case "cut":
        return answer ?? { status: 0 };
      default:
        return { status: 0 };
    }
  }

  #attempt(work: () => Answer): Answer {
    try {
      return work();
    } catch (error) {
      if (error instanceof Problem) return this.#problem(error);
      throw error;
    }
  }

  #problem(problem: Problem): Answer {
    return problem.answer(uuid(this.#next));
  }

  /** Any name with the key as its password, or the key or an OAuth app's token as a bearer. */
  #authorise({ headers }: Request): void {
    const { apiKey, accessToken, revoked } = this.#account;
    const [, scheme = "", credentials = ""] =
      /^(Basic|Bearer|apikey|OAuth)\s+(\S+)$/i.exec(String(headers.authorization ?? "")) ?? [];
    const text =
      scheme.toLowerCase() === "basic"
        ? Buffer.from(credentials, "base64")
            .toString()
            .replace(/^[^:]*:/, "")
        : credentials;
    if (text === apiKey || (text === accessToken && !revoked)) return;
    if (text === "") {
      const detail = "Your request did not include an API key.";
      throw new Problem(401, "API Key Missing", detail);
    }
    const detail =
      "Your API key may be invalid, or you've attempted to access the wrong datacenter.";
    throw new Problem(401, "API Key Invalid", detail);
  }

  /** The files of results stand elsewhere: no key opens them, their address does. */
  #file({ path, headers, method }: Request): Outcome {
    const route = "(batch results)";
    const file = this.#account.batches.file(path, this.#account.now());
    // The real place takes a signature in the address, and refuses a second means of access beside it.
    const refused = !file || method !== "GET" || headers.authorization !== undefined;
    const fault = this.#account.dice.draw((kind) => kind === "dropped" || kind === "cut");
    if (fault?.kind === "dropped") return { answer: { status: 0 }, route, fault };
    const answer = refused
      ? page(403, "AccessDenied")
      : { status: 200, content: { type: "application/x-gzip", data: file } };
    return { answer, route, fault };
  }

  /** Where an OAuth app learns the data centre of its token, on another host in reality. From general knowledge. */
  #metadata({ headers }: Request): Outcome {
    const { accessToken, revoked, server, accountId } = this.#account;
    const good = headers.authorization === `OAuth ${accessToken}` && !revoked;
    const answer = good
      ? { status: 200, body: { dc: server, accountname: "Sandbox", user_id: accountId } }
      : { status: 401, body: { error: "invalid_token" } };
    return { answer, route: "/oauth2/metadata", fault: undefined };
  }

  /** An operation of a batch: no key and no limits of its own, and some fail where a request would not. */
  #operate({ method, path, params, body, operationId }: Operation): OperationResult {
    const account = this.#account;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(params)) query.append(name, String(value));
    const found = findRoute(method, path.split("?")[0], account.audience);
    const name = typeof found === "string" ? "(unknown)" : `${method} ${found.route.shape}`;
    account.journal.operation(name);
    const fault = account.operationDice.draw();
    const answer = this.#attempt(() => {
      if (fault) throw new Problem(fault.status, "Internal Server Error", "It did not work out.");
      if (typeof found === "string") throw notFound();
      const json = () => (body === "" ? undefined : parsed(body));
      const request = { method, url: path, path, query, headers: {}, text: body, json };
      return found.route.run({ ...request, account, params: found.params });
    });
    const text =
      answer.content?.data ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
    return { status_code: answer.status, operation_id: operationId, response: String(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
