import { type Answer, page } from "../stand-in/answer.js";
import type { Fault } from "../stand-in/fault-dice.js";
import { random, uuid } from "../stand-in/random.js";
import type { Outcome, Request } from "../stand-in/server.js";
import type { Call } from "./call.js";
import type { Portal } from "./portal.js";
import { type Policy, rateLimitBody } from "./rate-limits.js";
import { invalid, Refusal } from "./refusal.js";
import { findRoute, type Route } from "./routes.js";
import type { Access } from "./tokens.js";

// General knowledge: a long list of properties in the query is cut off by the gateway before the API sees it.
const longestUrl = 8_192;
const migrationSeconds = 1;

/** Gives one request its answer. Everything happens here and now, in the order of arrival. */
export class Api {
  readonly #portal: Portal;
  readonly #next: () => number;

  constructor(portal: Portal, seed: number) {
    this.#portal = portal;
    this.#next = random(seed + 0xc0);
  }

  handle(request: Request): Outcome {
    const { method, url } = request;
    const call = { ...request, portal: this.#portal };
    const fault = { current: undefined as Fault | undefined };
    const found = findRoute(method, call.path);
    const route = typeof found === "string" ? "(unknown)" : found.route.name;
    let answer: Answer;
    try {
      if (url.length > longestUrl) answer = page(414, "Request-URI Too Large");
      else if (found === "no such path") answer = page(404, "Not Found");
      else if (found === "no such method") {
        throw new Refusal(405, "METHOD_NOT_ALLOWED", "HTTP 405 Method Not Allowed");
      } else if (found === "no such type") throw invalid("Unable to infer object type");
      else answer = this.#allowed(found.route, { ...call, params: found.params }, fault);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = this.#refused(error);
    }
    return { answer, route, fault: fault.current };
  }

  #allowed(route: Route, call: Call, fault: { current: Fault | undefined }): Answer {
    const portal = this.#portal;
    const now = portal.now();
    if (route.kind === "write") portal.journal.carried(call.json());
    const access = route.scopes === "open" ? undefined : this.#access(route.scopes, call, now);
    const struck = portal.dice.draw((kind) => kind !== "locked423" || route.kind === "write");
    fault.current = struck;
    // lost on the way, or stopped by the gateway: the API never saw it
    if (struck?.kind === "dropped" && !struck.worked) return { status: 0 };
    if (struck?.kind === "htmlErrors") return page(struck.status, "Bad Gateway");
    if (!access) return this.#work(route, call, struck);

    const isSearch = route.kind === "search";
    const policy =
      struck?.kind === "rateLimit"
        ? isSearch
          ? "SECONDLY"
          : "TEN_SECONDLY_ROLLING"
        : portal.limits.take(access, isSearch, now);
    const headers = portal.limits.headers(access, isSearch, now);
    if (policy) {
      fault.current = struck?.kind === "rateLimit" ? struck : undefined;
      return { ...this.#limited(policy), headers };
    }
    const answer = this.#work(route, call, struck);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  #access(scopes: readonly string[], call: Call, now: number): Access {
    const { tokens } = this.#portal;
    const access = tokens.check(call.headers.authorization as string | undefined, now);
    tokens.demand(scopes);
    return access;
  }

  #work(route: Route, call: Call, fault: Fault | undefined): Answer {
    if (fault && !fault.worked) return this.#faultAnswer(fault);
    const answer = this.#run(route, call);
    if (fault?.kind === "dropped") return { status: 0 };
    return fault?.kind === "serverError" ? this.#faultAnswer(fault) : answer;
  }

  #run(route: Route, call: Call): Answer {
    try {
      const type = String(call.headers["content-type"] ?? "");
      const isForm = route.scopes === "open";
      const hasBody = route.method === "POST" || route.method === "PATCH";
      if (hasBody && !isForm && !type.startsWith("application/json")) {
        throw new Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "HTTP 415 Unsupported Media Type");
      }
      return route.run(call);
    } catch (error) {
      if (error instanceof Refusal) return this.#refused(error);
      throw error;
    }
  }

  #refused(refusal: Refusal): Answer {
    return { status: refusal.status, body: { ...refusal.body, correlationId: uuid(this.#next) } };
  }

  #limited(policy: Policy): Answer {
    const body = rateLimitBody(policy, uuid(this.#next));
    return { status: 429, body: { ...body, correlationId: uuid(this.#next) } };
  }

  #faultAnswer({ status, kind }: Fault): Answer {
    if (kind === "rateLimit") return this.#limited("TEN_SECONDLY_ROLLING");
    const message = { 423: "Locked", 477: "Migration in progress" }[status] ?? "internal error";
    return {
      status,
      body: { status: "error", message, correlationId: uuid(this.#next) },
      ...(kind === "migration477" && { headers: { "Retry-After": String(migrationSeconds) } }),
    };
  }
}
