import { InchwormError } from "@inchworm/spec";
import type { Answer } from "../stand-in/answer.js";
import type { Request } from "../stand-in/server.js";
import type { Account } from "./account.js";
import { requestCounts } from "./counts.js";
import type { Member } from "./member-table.js";
import { type MailchimpMemberInput, memberStatuses } from "./types.js";

const mostRows = 10_000;

/** Routes under /sandbox/ for scripts that drive a stand-in: no key, no limits, no faults, and not counted. */
export function control(account: Account, { method, path, query, json }: Request): Answer {
  const [, , verb, id] = path.split("/");
  const body = () => (json() ?? {}) as Record<string, unknown>;
  switch (`${method} ${verb}${id === undefined ? "" : "/"}`) {
    case "GET state":
      return ok({
        audience: account.audience,
        server: account.server,
        members: account.members.size,
        created: account.journal.created,
        writes: account.journal.writes.length,
        mergeFields: account.fields.list().map(({ tag }) => tag),
        faults: { ...account.dice.faults, ...account.operationDice.faults },
        requests: requestCounts(account),
      });
    case "GET members": {
      const after = Number(query.get("after") ?? 0);
      const members = account.members.ordered("added").slice(after, after + mostRows);
      const next = after + members.length;
      const more = next < account.members.size ? { after: next } : {};
      return ok({ results: members.map((member) => account.view(member)), ...more });
    }
    case "GET members/":
      return ok(account.view(standing(account, id)));
    case "POST members": {
      const rows = json();
      if (!Array.isArray(rows)) throw usage("send a JSON list of members");
      return ok({ ids: account.addMembers(rows as MailchimpMemberInput[]) });
    }
    case "POST status": {
      const status = memberStatuses.find((one) => one === body().status);
      if (!status) throw usage(`"status" must be ${memberStatuses.join(", ")}`);
      standing(account, body().id).status = status;
      return { status: 204 };
    }
    case "GET writes": {
      const after = Number(query.get("after") ?? 0);
      const results = account.journal.writes.slice(after, after + mostRows);
      const next = after + results.length;
      return ok({ results, next, total: account.journal.writes.length });
    }
    case "GET log":
      return ok({ results: account.journal.log });
    case "POST faults":
      account.setFaults(body());
      return ok({ faults: { ...account.dice.faults, ...account.operationDice.faults } });
    case "POST revoke":
      return ok({ apiKey: account.revoke() });
    default:
      throw usage(
        "there are GET state, members, members/{id}, writes, log and POST members, status, faults, revoke",
      );
  }
}

/** @throws InchwormError "not-found" */
export function standing(account: Account, id: unknown): Member {
  const member = account.members.find(String(id));
  if (member) return member;
  throw new InchwormError("not-found", "mailchimp sandbox: there is no such member.");
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function usage(what: string): InchwormError {
  return new InchwormError("input", `mailchimp sandbox: ${what}.`);
}
