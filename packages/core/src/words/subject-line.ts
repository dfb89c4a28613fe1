import type { Store } from "@inchworm/store";
import { lineScorer } from "./line-scorer.js";
import type { CopyOptions, LineScorer, LinesOptions, WordsContext } from "./types.js";

/**
 * Which subject lines this account's people open: lines of one test are compared with one another, others with those of the same weeks
 * once audience, hour and fatigue are taken off; scores are against the account's median line, drawn to a declared prior where it has
 * few campaigns. Withheld where it did not tell the better of later lines. By opens unless told otherwise.
 *
 * @throws InchwormError "insufficient-data" where no campaign with a subject was sent
 * @example
 * const lines = await shop.subjectLine();
 * console.log(lines.because, lines.score(["Your order ships free today"]));
 */
export const subjectLine = (
  store: Store,
  options: LinesOptions,
  context: WordsContext,
): Promise<LineScorer> =>
  lineScorer(
    store,
    {
      by: "opens",
      ...options,
      name: "subject-line",
      question: "Which of two subject lines do the same people open more?",
      part: "subject",
      lint: true,
    },
    context,
  );

/**
 * The same for preview texts, bodies and calls to action, by clicks unless told otherwise. A call to action is the first button in the
 * body, or its first link.
 *
 * @throws InchwormError "insufficient-data" where no campaign with such a text was sent
 */
export const copy = (
  store: Store,
  { part = "preview", ...options }: CopyOptions,
  context: WordsContext,
): Promise<LineScorer> =>
  lineScorer(
    store,
    {
      by: "clicks",
      ...options,
      name: part === "callToAction" ? "copy-call-to-action" : `copy-${part}`,
      question: "Which of two texts do the same people click more?",
      part,
      lint: false,
    },
    context,
  );
