import { type Answer, page } from "../stand-in/answer.js";
import type { Fault } from "../stand-in/fault-dice.js";
import type { Outcome, Request } from "../stand-in/server.js";
import { header } from "./call.js";
import { runQueryJob } from "./job-routes.js";
import { countRequest, limitHeaders, tooMuchAtOnce } from "./limits.js";
import { tokenRoute, userInfo } from "./oauth-routes.js";
import type { Org } from "./org.js";
import { notFound, Refusal } from "./refusal.js";
import { findRoute, type Route } from "./routes.js";

/** The newest version that is served, Summer '26. */
const newest = 67;
/** Bytes of the URI with the headers. https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta */
const longestUri = 16_384;

/** Gives one request its answer. Everything happens here and now, in the order of arrival. */
export class Api {
  readonly #org: Org;

  constructor(org: Org) {
    this.#org = org;
    org.jobs.onQuery = (job) => runQueryJob(org, job);
  }

  handle(request: Request): Outcome {
    const org = this.#org;
    org.tick();
    const path = request.path.replace(/\/+$/, "");
    const fault = { current: undefined as Fault | undefined };
    const outcome = (route: string, act: () => Answer): Outcome => {
      let answer: Answer;
      try {
        answer = act();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        answer = error.answer;
      }
      return { answer, route, fault: fault.current };
    };

    if (path === "/services/oauth2/token") {
      return outcome("oauth2/token", () =>
        this.#struck(fault, "login", () => tokenRoute(org, request)),
      );
    }
    if (path === "/services/oauth2/userinfo") {
      return outcome("oauth2/userinfo", () =>
        this.#struck(fault, "read", () => {
          this.#authorized(request);
          return userInfo(org);
        }),
      );
    }
    if (path === "/services/data") return outcome("data", versions);
    const [, version, rest = ""] = path.match(/^\/services\/data\/v(\d+\.0)(?:\/(.*))?$/) ?? [];
    const found =
      version === undefined || Number(version) > newest
        ? "no such path"
        : findRoute(request.method, rest);
    if (typeof found === "string") {
      return outcome("(unknown)", () => {
        if (found === "no such path") throw notFound();
        throw new Refusal(
          405,
          "METHOD_NOT_ALLOWED",
          `HTTP Method '${request.method}' not allowed.`,
        );
      });
    }
    const { route, params } = found;
    const base = `/services/data/v${version}`;
    return outcome(route.shape, () => {
      if (request.url.length > longestUri) return page(414, "URI Too Long");
      const answer = this.#struck(fault, route.writes ? "write" : "read", () =>
        this.#work(
          route,
          {
            ...request,
            path,
            org,
            params: { ...params, ...(route.shape.startsWith("jobs/query") && { kind: "query" }) },
            base,
            version: version as string,
            locked: fault.current?.kind === "lockedRows",
          },
          fault,
        ),
      );
      return { ...answer, headers: { ...limitHeaders(org), ...answer.headers } };
    });
  }

  #struck(
    fault: { current: Fault | undefined },
    kind: "login" | "read" | "write",
    act: () => Answer,
  ): Answer {
    const struck = this.#org.dice.draw(
      (one) =>
        (one !== "lockedRows" || kind === "write") &&
        (kind !== "login" || (one !== "rateLimit" && one !== "sessionEnds")),
    );
    fault.current = struck;
    if (struck?.kind === "dropped" && !struck.worked) return { status: 0 };
    if (struck?.kind === "htmlErrors") return page(struck.status, "Service Unavailable");
    if (struck?.kind === "serverError" && !struck.worked) return failed(struck.status);
    if (struck?.kind === "rateLimit") throw tooMuchAtOnce();
    const answer = act();
    if (struck?.kind === "dropped") return { status: 0 };
    if (struck?.kind === "serverError") return failed(struck.status);
    return answer;
  }

  #work(
    route: Route,
    call: Parameters<Route["run"]>[0],
    fault: { current: Fault | undefined },
  ): Answer {
    const token = this.#authorized(call);
    if (fault.current?.kind === "sessionEnds") {
      this.#org.logins.end(token);
      this.#authorized(call);
    }
    countRequest(this.#org);
    return route.run(call);
  }

  #authorized(request: Pick<Request, "headers">): string {
    const token = header(request, "authorization")?.match(/^(?:Bearer|OAuth) (.+)$/i)?.[1] ?? "";
    if (this.#org.logins.accepts(token)) return token;
    throw new Refusal(401, "INVALID_SESSION_ID", "Session expired or invalid");
  }
}

function failed(status: number): Answer {
  const errorCode = status === 503 ? "SERVER_UNAVAILABLE" : "UNKNOWN_EXCEPTION";
  return { status, body: [{ errorCode, message: "An unexpected error occurred." }] };
}

function versions(): Answer {
  const body = [];
  for (let number = 50; number <= newest; number++) {
    body.push({
      label: `Version ${number}`,
      url: `/services/data/v${number}.0`,
      version: `${number}.0`,
    });
  }
  return { status: 200, body };
}
