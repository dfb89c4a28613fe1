import { InchwormError } from "@inchworm/spec";
import type { Answer } from "../stand-in/answer.js";
import type { Request } from "../stand-in/server.js";
import { requestCounts } from "./counts.js";
import type { Unit } from "./unit.js";

const mostRows = 10_000;

/** Routes under /sandbox/ for scripts that drive a stand-in: no token, no limits, no faults, and not counted. */
export function control(unit: Unit, { method, path, query, json }: Request): Answer {
  unit.jobs.tick();
  const [, , verb, id] = path.split("/");
  const { journal } = unit;
  const body = () => (json() ?? {}) as Record<string, unknown>;
  switch (`${method} ${verb}${id === undefined ? "" : "/"}`) {
    case "GET state":
      return ok({
        prospects: unit.prospects.rows.length,
        created: journal.created,
        writes: journal.writes.length,
        faults: unit.dice.faults,
        requests: requestCounts(unit),
      });
    case "GET prospects": {
      const from = Number(query.get("after") ?? 0);
      const results = unit.prospects.rows.slice(from, from + mostRows).map((row) => unit.view(row));
      const more = from + mostRows < unit.prospects.rows.length;
      return ok({ results, ...(more && { after: from + mostRows }) });
    }
    case "POST prospects": {
      const rows = json();
      if (!Array.isArray(rows)) throw usage("send a JSON list of prospects");
      return ok({ ids: rows.map((row) => unit.addProspect(row).id) });
    }
    case "PATCH prospects/":
      unit.set(unit.prospect(Number(id)), unit.usable(body()));
      return { status: 204 };
    case "GET writes": {
      const after = Number(query.get("after") ?? 0);
      const results = journal.writes.slice(after, after + mostRows);
      return ok({ results, next: after + results.length, total: journal.writes.length });
    }
    case "GET log":
      return ok({ results: journal.log });
    case "POST faults":
      unit.dice.set(body());
      return ok({ faults: unit.dice.faults });
    case "POST expire-token":
      return ok({ token: unit.org.logins.expire() });
    case "GET login": {
      const { token, clientId, clientSecret, refreshToken } = unit.org.logins;
      const { businessUnitId } = unit;
      return ok({ token, clientId, clientSecret, refreshToken, businessUnitId });
    }
    default:
      throw usage(
        "there are GET state, prospects, writes, log, login, POST prospects, faults, expire-token, PATCH prospects/{id}",
      );
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function usage(what: string): InchwormError {
  return new InchwormError("input", `account engagement sandbox: ${what}.`);
}
