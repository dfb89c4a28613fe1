import type { Findings } from "./findings.js";
import type { Sendings } from "./sendings.js";

/** What a reader should know, one sentence each. */
export function notesOf(
  sendings: Sendings,
  { all, tests }: Findings,
  { rate, known, comparisons }: { rate: number; known: boolean; comparisons: number },
): string[] {
  const { rows, groups, segments, factors, at } = sendings;
  if (rows === 0) return ["Nobody was shown anything: there is nothing to learn from."];
  if (!(rate > 0)) return ["Nobody clicked: there is nothing to learn from."];
  if (!(rate < 1)) return ["Everybody clicked: there is nothing to learn from."];
  const notes: string[] = [];
  const across = all.some(({ by }) => by === "campaigns");
  if (all.length === 0)
    notes.push(
      `Nothing here varies often enough: a level must stand against others at least ${comparisons} times, within tests or from campaign to campaign, and ${groups} of them leave too little to tell noise from effect.`,
    );
  if (tests === 0 && all.length > 0)
    notes.push("No lines were tested against one another: nothing here is randomised.");
  if (across && segments.length === 0)
    notes.push(
      "Who was written to is not known, so that what varies from campaign to campaign is only correlational.",
    );
  else if (across && !known)
    notes.push("Some rows do not say who was written to; they count as an audience of their own.");
  if (across && at.every((time) => Number.isNaN(time)))
    notes.push("Without times the fatigue of the list and the trend are not corrected for.");
  const told = new Set(all.map(({ factor }) => factor));
  for (const { name, levels } of factors)
    if (!told.has(name))
      notes.push(
        levels.length < 2
          ? `"${name}" is the same everywhere.`
          : `"${name}" has no level that stands against others at least ${comparisons} times.`,
      );
  return notes;
}
