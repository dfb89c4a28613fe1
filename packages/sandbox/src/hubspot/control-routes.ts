import { InchwormError } from "@inchworm/spec";
import type { Answer } from "../stand-in/answer.js";
import type { Request } from "../stand-in/server.js";
import { requestCounts } from "./counts.js";
import type { Portal } from "./portal.js";

const mostRows = 10_000;

/** Routes under /sandbox/ for scripts that drive a stand-in: no token, no limits, no faults, and not counted. */
export function control(portal: Portal, { method, path, query, json }: Request): Answer {
  const [, , verb, id] = path.split("/");
  const { contacts } = portal;
  const body = () => (json() ?? {}) as Record<string, unknown>;
  switch (`${method} ${verb}${id === undefined ? "" : "/"}`) {
    case "GET state":
      return ok({
        contacts: contacts.live,
        archived: contacts.archived,
        created: portal.journal.created,
        writes: portal.journal.writes.length,
        properties: portal.properties.list(false).map(({ name }) => name),
        faults: portal.dice.faults,
        requests: requestCounts(portal),
      });
    case "GET contacts": {
      const after = Number(query.get("after") ?? 0);
      const results = [];
      let slot = contacts.firstFrom(after + 1);
      for (; slot < contacts.size && results.length < mostRows; slot++) {
        if (contacts.isLive(slot) || contacts.isArchived(slot)) results.push(portal.contact(slot));
      }
      const last = results.at(-1);
      return ok({ results, ...(slot < contacts.size && last && { after: last.id }) });
    }
    case "POST contacts": {
      const rows = json();
      if (!Array.isArray(rows)) throw usage("send a JSON list of contacts");
      return ok({ ids: portal.addContacts(rows) });
    }
    case "GET contacts/": {
      const slot = found(portal, id);
      return ok(portal.contact(slot));
    }
    case "GET writes": {
      const after = Number(query.get("after") ?? 0);
      const results = [];
      for (const write of portal.journal.writes.from(after)) {
        if (results.push(write) === mostRows) break;
      }
      return ok({ results, next: after + results.length, total: portal.journal.writes.length });
    }
    case "GET log":
      return ok({ results: portal.journal.log });
    case "POST faults":
      portal.dice.set(body());
      return ok({ faults: portal.dice.faults });
    case "POST merge": {
      const { primary, merged } = body();
      const slot = portal.mergeContacts(living(portal, primary), living(portal, merged));
      return ok({ id: String(contacts.id(slot)) });
    }
    case "POST archive":
      portal.archiveContact(living(portal, body().id));
      return { status: 204 };
    case "POST expire-token":
      return ok({ token: portal.tokens.expire(portal.now()) });
    default:
      throw usage(
        "there are GET state, contacts, contacts/{id}, writes, log and POST contacts, faults, merge, archive, expire-token",
      );
  }
}

/** The slot of a contact that is there, archived or not, by its own id or one that was merged into it. */
export function found(portal: Portal, id: unknown): number {
  const { contacts } = portal;
  const first = contacts.slotOf(String(id));
  const slot = first < 0 ? -1 : contacts.survivor(first);
  if (slot >= 0 && (contacts.isLive(slot) || contacts.isArchived(slot))) return slot;
  throw new InchwormError("not-found", `hubspot sandbox: there is no contact ${String(id)}.`);
}

/** The slot of a contact that is neither archived nor merged away. */
export function living(portal: Portal, id: unknown): number {
  const slot = portal.contacts.slotOf(String(id));
  if (slot >= 0 && portal.contacts.isLive(slot)) return slot;
  throw new InchwormError(
    "not-found",
    `hubspot sandbox: there is no living contact ${String(id)}.`,
  );
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function usage(what: string): InchwormError {
  return new InchwormError("input", `hubspot sandbox: ${what}.`);
}
