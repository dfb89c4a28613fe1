import { studentTails } from "../experiment/student.js";
import type { BestFinding } from "./findings.js";
import type { EvidenceGrade } from "./types.js";

export interface Audiences {
  /** Whether the audience of every row is known, or there is one alone. */
  readonly known: boolean;
  /** How many there are. */
  readonly count: number;
  /** Comparisons before the same audience that it takes to correct for it. */
  readonly comparisons: number;
}

/** A difference that chance alone would seldom show. */
const seldom = 0.05;

/** How good the evidence of a finding is, and why. */
export function gradeOf(
  finding: BestFinding,
  { known, count, comparisons }: Audiences,
): { readonly grade: EvidenceGrade; readonly because: string } {
  if (finding.by === "tests")
    return {
      grade: "randomised",
      because: `It was held against others ${finding.comparisons} times within tests before the same people.`,
    };
  const { crude, overlap, value, error, freedom } = finding;
  if (!known)
    return {
      grade: "correlational",
      because: "It varies from campaign to campaign, and who was written to is not known.",
    };
  if (count > 1 && overlap < comparisons)
    return {
      grade: "correlational",
      because: `It was sent to other people than what it is held against: the same audience had both in ${overlap} campaigns.`,
    };
  const seemed = studentTails(Math.abs(crude.value) / crude.error, crude.freedom);
  const left = studentTails(Math.abs(value) / error, freedom);
  if (seemed < seldom && left >= seldom && Math.abs(value) < Math.abs(crude.value) / 2)
    return {
      grade: "correlational",
      because: "What it seemed to do is explained by who was written to, and when.",
    };
  return {
    grade: "adjusted",
    because: `It varies from campaign to campaign (${finding.comparisons} to compare); ${count > 1 ? "audience, " : ""}timing and the other factors are corrected for.`,
  };
}
