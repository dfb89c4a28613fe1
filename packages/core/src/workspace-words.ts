import { InchwormError } from "@inchworm/spec";
import { copy, subjectLine } from "./words/subject-line.js";
import { suggestSubjects } from "./words/suggest/suggest-subjects.js";
import type { LineScorer } from "./words/types.js";
import type { Base } from "./workspace-base.js";
import type { Workspace } from "./workspace-types.js";

/** What a workspace says of words. */
export function wording({
  store,
  seed,
  asOf,
  work,
}: Base): Pick<Workspace, "subjectLine" | "copy" | "suggestSubjects"> {
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
    async suggestSubjects(brief, options = {}) {
      const scorer = options.scorer ?? (await own());
      return suggestSubjects(brief, {
        ...options,
        ...(scorer && { scorer }),
        ...(options.signal === undefined && work.signal && { signal: work.signal }),
      });
    },
  };
}
