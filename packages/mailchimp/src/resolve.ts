import { batches } from "@inchworm/kit";
import type { CallContext } from "@inchworm/spec";
import type { Settings } from "./options.js";
import { requireAnswer } from "./outcome.js";
import type { Run } from "./run.js";
import { memberPath } from "./standing.js";
import { hashOf, words } from "./values.js";

/** Contact ids by address, `undefined` where there is no member, or an archived one. */
export async function resolveMembers(
  settings: Settings,
  run: Run,
  emails: readonly string[],
  context: CallContext,
): Promise<readonly (string | undefined)[]> {
  const hashes = emails.map((email) =>
    /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? hashOf(email) : undefined,
  );
  const wanted = [...new Set(hashes)].filter((hash) => hash !== undefined);
  const ids = new Map<string, string | undefined>();
  for (const batch of batches(wanted, settings.batchSize)) {
    const answers = await run(
      batch.map((hash) => ({
        method: "GET",
        path: memberPath,
        params: { list_id: settings.audience, subscriber_hash: hash },
        query: { fields: "id,contact_id,status" },
      })),
      context,
    );
    for (const [index, hash] of batch.entries()) {
      const answer = answers[index];
      requireAnswer(answer);
      if (answer?.status !== 200 || answer.body.status === "archived") continue;
      ids.set(hash, words(answer.body.contact_id) ?? words(answer.body.id));
    }
  }
  return hashes.map((hash) => (hash === undefined ? undefined : ids.get(hash)));
}
