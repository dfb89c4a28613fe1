import { tokenRoute, userInfo } from "../salesforce/oauth-routes.js";
import { Refusal as LoginRefusal } from "../salesforce/refusal.js";
import { type Answer, page } from "../stand-in/answer.js";
import type { Fault } from "../stand-in/fault-dice.js";
import type { Outcome, Request } from "../stand-in/server.js";
import { header } from "./call.js";
import type { FaultKind } from "./fault-kinds.js";
import { codes, notFound, Refusal } from "./refusal.js";
import { findRoute } from "./routes.js";
import type { Unit } from "./unit.js";

const base = "/api/v5/";

/** Gives one request its answer. Everything happens here and now, in the order of arrival. */
export class Api {
  readonly #unit: Unit;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  handle(request: Request): Outcome {
    const unit = this.#unit;
    unit.jobs.tick();
    if (request.path === "/services/oauth2/token") {
      return this.#login("oauth2/token", () => tokenRoute(unit.org, request));
    }
    if (request.path === "/services/oauth2/userinfo") {
      return this.#login("oauth2/userinfo", () => {
        if (!unit.org.logins.accepts(bearer(request))) {
          throw new LoginRefusal(401, "INVALID_SESSION_ID", "Session expired or invalid");
        }
        return userInfo(unit.org);
      });
    }
    const found = request.path.startsWith(base)
      ? findRoute(request.method, request.path.slice(base.length))
      : "no such path";
    const route = typeof found === "string" ? "(unknown)" : found.route.shape;
    if (unit.underWay >= unit.settings.concurrency) {
      unit.concurrentRefusals++;
      return { answer: tooMany().answer, route, fault: undefined };
    }
    unit.underWay++;
    unit.mostUnderWay = Math.max(unit.mostUnderWay, unit.underWay);
    const ended = () => {
      unit.underWay--;
    };
    const fault = unit.dice.draw();
    const answer = this.#suffer(fault, () => {
      this.#authorise(request, fault);
      if (found === "no such path") throw notFound();
      if (found === "no such method") throw new Refusal(405, 2, "Invalid action");
      const url = `http://${header(request, "host") ?? "127.0.0.1"}`;
      return found.route.run({
        ...request,
        unit,
        params: found.params,
        base: `${url}/api/v5`,
      });
    });
    const usage =
      header(request, "x-return-api-usage") === "1"
        ? { "x-api-usage": `${unit.today}/${unit.daily}` }
        : {};
    return {
      answer: {
        ...answer,
        headers: { Date: new Date(unit.now()).toUTCString(), ...usage, ...answer.headers },
      },
      route,
      fault,
      ended,
    };
  }

  #login(route: string, act: () => Answer): Outcome {
    const fault = this.#unit.dice.draw((kind) => kind !== "rateLimit" && kind !== "sessionEnds");
    const answer = this.#suffer(fault, () => {
      try {
        return act();
      } catch (error) {
        if (error instanceof LoginRefusal) return error.answer;
        throw error;
      }
    });
    return { answer, route, fault };
  }

  #suffer(fault: Fault<FaultKind> | undefined, work: () => Answer): Answer {
    const attempt = (): Answer => {
      try {
        return work();
      } catch (error) {
        if (error instanceof Refusal) return error.answer;
        throw error;
      }
    };
    if (!fault || fault.kind === "sessionEnds") return attempt();
    const answer = fault.worked ? attempt() : undefined;
    switch (fault.kind) {
      case "rateLimit":
        return tooMany().answer;
      case "htmlErrors":
        return page(fault.status, "Service Unavailable");
      case "serverError":
        return {
          status: fault.status,
          body: { code: 1, message: "An unexpected error occurred." },
        };
      case "cut":
        return answer ?? { status: 0 };
      default:
        return { status: 0 };
    }
  }

  /** A token, the business unit that it may be used for, and one request of the day. */
  #authorise(request: Request, fault: Fault<FaultKind> | undefined): void {
    const unit = this.#unit;
    const { logins } = unit.org;
    const token = bearer(request);
    if (fault?.kind === "sessionEnds") logins.end(token);
    if (token === "") throw new Refusal(401, codes.accessDenied, "Access Denied");
    if (!logins.accepts(token)) {
      const message = "access_token is invalid, unauthorized for this request type, or expired";
      throw new Refusal(401, codes.invalidToken, message);
    }
    const id = header(request, "pardot-business-unit-id");
    if (id === undefined || id === "") {
      throw new Refusal(400, codes.businessUnit, "The Pardot-Business-Unit-Id header is required.");
    }
    if (id !== unit.businessUnitId) {
      throw new Refusal(400, codes.businessUnit, "Business Unit not found or inactive.");
    }
    if (!unit.take()) throw new Refusal(400, codes.daily, "Daily API rate limit met.");
  }
}

function bearer(request: Request): string {
  return header(request, "authorization")?.match(/^Bearer (.+)$/i)?.[1] ?? "";
}

function tooMany(): Refusal {
  const message =
    "You have exceeded your concurrent request limit. Please wait, before trying again";
  return new Refusal(400, codes.concurrent, message);
}
