import { type LineModel, languageOf, lintLine, readabilityOf } from "@inchworm/learn";
import type { LineScorer, ScoredLine } from "./types.js";

/** Rules of craft that are known of one language alone. */
const lintLanguage = "en";

/** Scores, reasons and advice for lines. A model that was withheld moves nothing: its lines are all the median line, as little known as any. */
export function scoreLines(
  model: LineModel,
  verdict: LineScorer["verdict"],
  lines: readonly string[],
  lint: boolean,
): ScoredLine[] {
  return model.score(lines).map((score, at) => {
    const text = lines[at];
    const language = languageOf(text);
    const told = verdict !== "withheld";
    const readability = lint ? undefined : readabilityOf(text);
    return {
      text,
      language,
      ...(told ? score : untold(score)),
      reasons: told
        ? model.reasons(text).map(({ word, effect }) => ({ word, effect: Math.expm1(effect) }))
        : [],
      lint: lint ? lintLine(text) : [],
      ...(readability && { readability }),
      notes:
        lint && language !== lintLanguage && language !== "unknown"
          ? [
              `Words that spam filters know are listed for English alone: none was looked for in this line (${language}).`,
            ]
          : [],
    };
  });
}

function untold({ low, high }: Pick<ScoredLine, "low" | "high">) {
  const reach = (Math.log1p(high) - Math.log1p(low)) / 2;
  return { effect: 0, low: Math.expm1(-reach), high: Math.expm1(reach), better: 0.5 };
}
