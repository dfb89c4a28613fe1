import { makeArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { who } from "./check-frequency.js";
import type { PersonLevels } from "./levels.js";
import { planFrequency } from "./plan.js";
import type { FrequencyModel } from "./types.js";

export const kind = "message-frequency";
export const version = 2;

/** What a fit finds, and an artifact holds. */
export interface FrequencyParts {
  readonly most: number;
  readonly evidence: FrequencyModel["evidence"];
  /** By form; means of 1. */
  readonly engagement: readonly Float64Array[];
  readonly risk: readonly Float64Array[];
  /** Place in `engagement` and `risk` of each person. */
  readonly segments: Int32Array;
  /** Messages a week that each person has had. */
  readonly usual: Uint8Array;
  readonly levels: PersonLevels;
}

export function frequencyModel(parts: FrequencyParts): FrequencyModel {
  const { most, evidence, segments, usual, levels } = parts;
  const people = segments.length;
  const known = (person: number): number => {
    if (Number.isInteger(person) && person >= 0 && person < people) return person;
    throw new LearnError("input", `${who}: person ${person} is none of the ${people}.`);
  };
  const engagement = (person: number): Float64Array => {
    const level = levels.engagement[known(person)];
    return parts.engagement[segments[person]].map((value) => level * value);
  };
  const risk = (person: number): Float64Array => {
    const level = levels.risk[known(person)];
    return parts.risk[segments[person]].map((value) => Math.min(1, level * value));
  };
  return {
    most,
    people,
    evidence,
    engagement,
    risk,
    ownShare: (person) => levels.own[known(person)],
    plan(value, budget = {}) {
      const { engagement: onEngagement, risk: onRisk } = evidence;
      const curves = { people, most, engagement, risk };
      if (onEngagement !== "between-people" && onRisk !== "between-people")
        return { verdict: "planned", ...planFrequency(curves, value, budget) };
      // whoever engages most keeps what they have where a budget binds
      const limits = usual.map((count, person) => Math.min(count, budget.most?.[person] ?? count));
      const { messages, total, price } = planFrequency(
        { ...curves, risk: () => new Float64Array(most + 1) },
        { engagement: 1, subscription: 0 },
        { ...budget, most: limits },
      );
      return { verdict: "kept", messages, total, price, value: Number.NaN };
    },
    save: () =>
      makeArtifact(kind, version, {
        most,
        evidence,
        engagement: parts.engagement.map((curve) => ({ curve: Array.from(curve) })),
        risk: parts.risk.map((curve) => ({ curve: Array.from(curve) })),
        segments: Array.from(segments),
        usual: Array.from(usual),
        levels: {
          engagement: Array.from(levels.engagement),
          risk: Array.from(levels.risk),
          own: Array.from(levels.own),
        },
      }),
  };
}
