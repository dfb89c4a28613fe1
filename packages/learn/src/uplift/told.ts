import type { ArtifactReader } from "../artifact.js";
import type { Interval } from "../metrics/bootstrap.js";
import type { ArmUplift, UpliftLearner } from "./types.js";
import { verdictOf } from "./words.js";

export const learnerNames: readonly UpliftLearner[] = [
  "t-learner",
  "x-learner",
  "dr-learner",
  "r-learner",
  "t-logistic",
  "blend",
  "response",
  "ate-only",
];

/** What a saved model tells of an arm. @throws LearnError "artifact" */
export function loadTold(saved: ArtifactReader): ArmUplift {
  const chosen = saved.choice("chosen", learnerNames);
  const signal = chosen !== "ate-only";
  return {
    arm: saved.text("arm"),
    rows: saved.number("rows", { min: 0, integer: true }),
    treated: saved.number("treated", { min: 0, integer: true }),
    ate: loadInterval(saved.object("ate")),
    learners: saved.objects("learners").map((one) => ({
      name: one.choice("name", learnerNames),
      qini: one.number("qini"),
      low: one.number("low"),
      high: one.number("high"),
      uplift30: one.number("uplift30"),
    })),
    chosen,
    signal,
    treat: saved.choice("treat", ["ranked", "all", "none", "undecided"]),
    verdict: verdictOf({ signal }),
    because: saved.text("because"),
    tenths: saved.objects("tenths").map(loadInterval),
  };
}

const loadInterval = (saved: ArtifactReader): Interval => ({
  value: saved.number("value"),
  low: saved.number("low"),
  high: saved.number("high"),
});
