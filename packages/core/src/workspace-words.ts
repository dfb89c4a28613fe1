import { InchwormError } from "@inchworm/spec";
import { messageDesk } from "./words/messages/inbox.js";
import { messages } from "./words/messages/messages.js";
import { copy, subjectLine } from "./words/subject-line.js";
import { suggestSubjects } from "./words/suggest/suggest-subjects.js";
import type { LineScorer } from "./words/types.js";
import type { Base } from "./workspace-base.js";
import type { Workspace } from "./workspace-types.js";

/** What a workspace says of words. */
export function wording({
  store,
  seed,
  now,
  asOf,
  work,
}: Base): Pick<Workspace, "subjectLine" | "copy" | "suggestSubjects" | "messages"> {
  const { signal } = work;
  const context = async () => ({ asOf: await asOf(), seed, ...work });
  /** A new account has nothing to rank by. */
  const own = async (): Promise<LineScorer | undefined> => {
    try {
      return await subjectLine(store, {}, await context());
    } catch (error) {
      if (InchwormError.is(error, "insufficient-data")) return undefined;
      throw error;
    }
  };
  return {
    subjectLine: async (options = {}) => subjectLine(store, options, await context()),
    copy: async (options = {}) => copy(store, options, await context()),
    async messages(options) {
      const reader = await messages(options, { seed, ...(signal && { signal }) });
      return messageDesk(store, reader, { now, ...(signal && { signal }) });
    },
    async suggestSubjects(brief, options = {}) {
      const scorer = options.scorer ?? (await own());
      return suggestSubjects(brief, {
        ...options,
        ...(scorer && { scorer }),
        ...(options.signal === undefined && signal && { signal }),
      });
    },
  };
}
