import { type Call, hashOf } from "./call.js";
import type { Member } from "./member-table.js";
import { fitted, isProblem } from "./merge-fields.js";
import {
  complianceState,
  type FieldProblem,
  invalid,
  invalidMergeFields,
  Problem,
} from "./problem.js";
import type { MailchimpStatus } from "./types.js";

/**
 * Writes what a body names on a member, or nothing of it. Every write bumps the modified date, also one that changes nothing.
 *
 * @throws Problem 400
 */
export function applyWrite(
  call: Call,
  member: Member,
  body: Readonly<Record<string, unknown>>,
): void {
  const { account, query } = call;
  // https://github.com/ibericode/mailchimp-user-sync/issues/96
  if (member.status === "cleaned") throw complianceState(member.email);
  const merge = checkedMerge(call, member, body.merge_fields);
  const status = body.status as MailchimpStatus | undefined;
  if (status !== undefined) {
    if (!["subscribed", "unsubscribed", "cleaned", "pending"].includes(status)) {
      throw invalid("status", "Value must be found in enumeration.");
    }
    if (member.status === "unsubscribed" && status === "subscribed") {
      throw complianceState(member.email);
    }
  }
  const email = body.email_address;
  if (typeof email === "string" && hashOf(email) !== member.hash) {
    if (account.members.find(hashOf(email))) {
      throw new Problem(400, "Member Exists", `${email} is already a list member.`);
    }
    account.members.move(member, email);
  }
  if (query.get("skip_merge_validation") !== "true") requireFields(call, member, merge);
  for (const [tag, value] of merge) {
    account.journal.wrote(member.contactId, tag, value);
    if (value === "") member.merge.delete(tag);
    else member.merge.set(tag, value);
  }
  if (status !== undefined) member.status = status;
  if (typeof body.language === "string") member.language = body.language;
  if (typeof body.vip === "boolean") member.vip = body.vip;
  if (typeof body.email_type === "string") member.emailType = body.email_type;
  account.touch(member);
}

/** Fields that the audience does not have are left out without a word. */
function checkedMerge(call: Call, member: Member, given: unknown): Map<string, unknown> {
  const merge = new Map<string, unknown>();
  if (given === undefined) return merge;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw invalid("merge_fields", "Schema describes object, array found instead");
  }
  const problems: FieldProblem[] = [];
  for (const [tag, value] of Object.entries(given)) {
    const field = call.account.fields.get(tag);
    if (!field) continue;
    const kept = fitted(field, value);
    if (isProblem(kept)) problems.push(kept);
    else if (kept === "" && field.required && member.merge.has(tag)) {
      problems.push({ field: tag, message: "Please enter a value" });
    } else merge.set(tag, kept);
  }
  const first = problems[0];
  if (first?.field.startsWith("merge_fields.")) throw invalid(first.field, first.message);
  if (problems.length > 0) throw invalidMergeFields(problems);
  return merge;
}

function requireFields({ account }: Call, member: Member, merge: Map<string, unknown>): void {
  const missing = account.fields
    .list()
    .filter(
      ({ required, tag }) => required && ((merge.get(tag) ?? member.merge.get(tag)) || "") === "",
    )
    .map(({ tag }) => ({ field: tag, message: "Please enter a value" }));
  if (missing.length > 0) throw invalidMergeFields(missing);
}
