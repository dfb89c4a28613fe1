import type { Answer } from "../stand-in/answer.js";
import { type Call, hashOf, instantOf, jsonObject, oneOf, pageOf } from "./call.js";
import { partial } from "./fields.js";
import { memberBody } from "./member-body.js";
import type { Member } from "./member-table.js";
import { applyWrite } from "./member-write.js";
import { invalid, notFound, Problem } from "./problem.js";
import { memberStatuses } from "./types.js";

const orders = {
  last_changed: "changedAt",
  timestamp_opt: "optedInAt",
  timestamp_signup: "signedUpAt",
} as const;

export function listMembers(call: Call): Answer {
  const { account, query } = call;
  const status = oneOf(query, "status", memberStatuses);
  const sort = oneOf(query, "sort_field", Object.keys(orders) as (keyof typeof orders)[]);
  const descending = oneOf(query, "sort_dir", ["ASC", "DESC"]) === "DESC";
  const since = instantOf(query, "since_last_changed") ?? Number.NEGATIVE_INFINITY;
  const before = instantOf(query, "before_last_changed") ?? Number.POSITIVE_INFINITY;
  const unsubscribedSince = instantOf(query, "unsubscribed_since");
  if (unsubscribedSince !== undefined && status !== "unsubscribed") {
    throw invalid("unsubscribed_since", "The status must be unsubscribed.");
  }
  const found = account.members
    .ordered(sort ? orders[sort] : "added")
    .filter(
      (member) =>
        (status ? member.status === status : member.status !== "archived") &&
        member.changedAt > Math.max(since, unsubscribedSince ?? since) &&
        member.changedAt < before,
    );
  if (descending) found.reverse();
  const { page, total_items } = pageOf(found, query);
  const members = page.map((member) => memberBody(account, member, query, "members."));
  return ok(call, { members, list_id: account.audience, total_items });
}

export function getMember(call: Call): Answer {
  return ok(call, memberBody(call.account, existing(call), call.query));
}

export function updateMember(call: Call): Answer {
  call.account.journal.carried(call.json());
  const member = existing(call);
  const body = jsonObject(call);
  // Unproved: whether an archived member can be updated without coming back. Here it is not found.
  if (member.status === "archived") throw notFound();
  applyWrite(call, member, body);
  return ok(call, memberBody(call.account, member, call.query));
}

/** Adds a member that is not there, which is why a writer of scores must not use it. */
export function putMember(call: Call): Answer {
  const { account } = call;
  account.journal.carried(call.json());
  const body = jsonObject(call);
  const member = account.members.find(call.params.subscriber_hash);
  if (member) {
    if (member.status === "archived") member.status = "subscribed";
    applyWrite(call, member, body);
    return ok(call, memberBody(account, member, call.query));
  }
  return create(call, body, body.status_if_new ?? body.status);
}

export function addMember(call: Call): Answer {
  const { account } = call;
  account.journal.carried(call.json());
  const body = jsonObject(call);
  const email = addressOf(body);
  const known = account.members.find(hashOf(email));
  if (known && known.status !== "archived") {
    const detail = `${email} is already a list member. Use PUT to insert or update list members.`;
    throw new Problem(400, "Member Exists", detail);
  }
  if (known) account.members.remove(known);
  return create(call, body, body.status);
}

/** Deleting a member archives it, and leaves its modified date alone. */
export function archiveMember({ account, params }: Call): Answer {
  const member = account.members.find(params.subscriber_hash);
  if (!member || member.status === "archived") throw notFound();
  member.status = "archived";
  return { status: 204 };
}

export function forgetMember(call: Call): Answer {
  const member = existing(call);
  call.account.members.remove(member);
  call.account.forgotten.add(member.hash);
  return { status: 204 };
}

function create(call: Call, body: Record<string, unknown>, status: unknown): Answer {
  const { account } = call;
  const email = addressOf(body);
  const statuses = ["subscribed", "unsubscribed", "cleaned", "pending", "transactional"] as const;
  const wanted = statuses.find((one) => one === status);
  if (!wanted) throw invalid("status", "Value must be found in enumeration.");
  if (account.forgotten.has(hashOf(email))) {
    const detail = `${email} was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.`;
    throw new Problem(400, "Forgotten Email Not Subscribed", detail);
  }
  const member = account.newMember(email, wanted);
  applyWrite(call, member, { ...body, status: undefined, email_address: undefined });
  account.members.add(member);
  account.journal.created.push(member.contactId);
  return ok(call, memberBody(account, member, call.query));
}

function addressOf(body: Readonly<Record<string, unknown>>): string {
  const email = body.email_address;
  if (typeof email === "string" && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return email;
  const detail = "Please provide a valid email address.";
  throw new Problem(400, "Invalid Resource", detail);
}

export function existing({ account, params }: Call): Member {
  const member = account.members.find(params.subscriber_hash);
  if (member) return member;
  throw notFound();
}

export function ok({ query }: Call, body: unknown): Answer {
  return { status: 200, body: partial(body, query) };
}
