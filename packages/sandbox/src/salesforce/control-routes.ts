import { InchwormError } from "@inchworm/spec";
import type { Answer } from "../stand-in/answer.js";
import type { Request } from "../stand-in/server.js";
import { convert, merge, remove } from "./dml.js";
import { addRecords, change, living, shown } from "./handles.js";
import type { Org } from "./org.js";

const mostRows = 10_000;

/** Routes under /sandbox/ for scripts that drive a stand-in: no token, no limits, no faults, and not counted. */
export function control(org: Org, { method, path, query, json }: Request): Answer {
  org.tick();
  const [, , verb, name] = path.split("/");
  const { journal } = org;
  const body = () => (json() ?? {}) as Record<string, unknown>;
  switch (`${method} ${verb}${name === undefined ? "" : "/"}`) {
    case "GET state":
      return ok({
        records: Object.fromEntries(
          [...org.objects.values()].map((one) => [one.name, org.table(one.name).living]),
        ),
        created: journal.created,
        writes: journal.writes.length,
        faults: org.dice.faults,
        requests: {
          total: journal.total,
          byRoute: journal.byRoute,
          injected: journal.injected,
          fieldsSent: journal.fieldsSent,
          today: org.requests.used(org.now()),
          daily: org.daily,
        },
      });
    case "GET records/": {
      const { rows } = org.table(name);
      const from = Number(query.get("after") ?? 0);
      const results = rows.slice(from, from + mostRows).map(shown);
      return ok({ results, ...(from + mostRows < rows.length && { after: from + mostRows }) });
    }
    case "POST records/": {
      const rows = json();
      if (!Array.isArray(rows)) throw usage("send a JSON list of records");
      return ok({ ids: addRecords(org, name, rows) });
    }
    case "PATCH records/":
      change(org, name, body(), org.now());
      return { status: 204 };
    case "DELETE records/":
      remove(living(org, name).row, org.now());
      return { status: 204 };
    case "GET writes": {
      const after = Number(query.get("after") ?? 0);
      const results = journal.writes.slice(after, after + mostRows);
      return ok({ results, next: after + results.length, total: journal.writes.length });
    }
    case "GET log":
      return ok({ results: journal.log });
    case "POST faults":
      org.dice.set(body());
      return ok({ faults: org.dice.faults });
    case "POST merge": {
      const { table, row } = living(org, body().master);
      merge(org, table.definition, row, living(org, body().merged).row);
      return { status: 204 };
    }
    case "POST convert":
      return ok({ contact: convert(org, living(org, body().id).row) });
    case "POST expire-token":
      return ok({ token: org.logins.expire() });
    case "GET login": {
      const { token, clientId, clientSecret, refreshToken, username, privateKey } = org.logins;
      return ok({ token, clientId, clientSecret, refreshToken, username, privateKey });
    }
    default:
      throw usage(
        "there are GET state, records/{object}, writes, log, login, POST records/{object}, faults, merge, convert, expire-token, PATCH and DELETE records/{id}",
      );
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function usage(what: string): InchwormError {
  return new InchwormError("input", `salesforce sandbox: ${what}.`);
}
