import type { FieldGuard } from "@inchworm/kit";
import { type CallContext, InchwormError, type WriteOutcome } from "@inchworm/spec";
import { type Connection, objectIn } from "./connection.js";
import { gone, updated } from "./outcomes.js";
import { refusal } from "./refusal.js";

/** One prospect to write: its fields by API names, as texts; null clears. */
export interface Update {
  readonly id: string;
  readonly values: Readonly<Record<string, string | null>>;
}

export const needs = "the ability Prospects > Prospects > Create and Edit";

/**
 * Updates one prospect, all or nothing. The values are absolute, so sending it twice is once.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/prospect-v5.html
 *
 * @returns its outcome; the failure itself when no answer came, so that only reading it can tell
 * @throws InchwormError for what concerns every prospect alike
 */
export async function updateProspect(
  call: Connection,
  guard: FieldGuard,
  { id, values }: Update,
  context: CallContext,
): Promise<WriteOutcome | InchwormError> {
  const path = "objects/prospects/{id}";
  try {
    const answer = await call(context, {
      method: "PATCH",
      path,
      params: { id },
      query: { fields: "id,isDeleted" },
      // nothing but prepared fields leaves the house: no consent, no score of theirs, no owner
      body: guard.pass(values),
      needs,
      expect: [400, 404, 410],
    });
    if (answer.status === 400) {
      const code = refusal(answer.text).code ?? "HTTP_400";
      if (code === "109") return gone(id);
      const message = `Account Engagement refused the update (${code}).`;
      return { recordId: id, outcome: "failed", code, message, retryable: false };
    }
    if (answer.status !== 200) return answer.status === 204 ? updated(id) : gone(id);
    return objectIn(answer, `PATCH ${path}`).isDeleted === true ? gone(id) : updated(id);
  } catch (error) {
    if (InchwormError.is(error, "network") || InchwormError.is(error, "server")) return error;
    throw error;
  }
}
