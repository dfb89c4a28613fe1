import { logLoss, pairedDifference } from "@inchworm/learn";
import type { ProbabilityCard } from "@inchworm/spec";
import type { Foretold, JudgedMessages } from "./frequency-judge.js";

export interface FrequencyVerdict extends Pick<ProbabilityCard, "verdict" | "because"> {
  readonly notes: readonly string[];
}

/** Leavings that are judged by, at least. */
const leastLeavings = 20;

/**
 * The verdict, by what is asked: whether the number of messages makes a difference. Published when answers to later messages are
 * foretold better beyond doubt than by each person's own rate, whatever the number, and than by everybody alike; or when leavings are,
 * beside one rate for all messages, and answers no worse.
 */
export function verdictOf(judged: JudgedMessages, seed: number): FrequencyVerdict {
  const own = compared(judged, judged.rule, seed);
  const alike = compared(judged, judged.alike, seed);
  const { leaving } = judged;
  const left = leaving.labels.reduce((sum, label) => sum + label, 0);
  const leavings = left >= leastLeavings ? compared(leaving, leaving.rule, seed) : undefined;
  const byAnswers = own.high < 0 && alike.high < 0;
  const byLeaving = leavings !== undefined && leavings.high < 0 && own.value <= 0 && alike.high < 0;
  const answers = `log loss ${own.model.toFixed(4)} of later messages, against ${own.rule.toFixed(4)} of each person's own rate however many there are (difference ${told(own)}) and ${alike.rule.toFixed(4)} of everybody alike (${told(alike)})`;
  const leave =
    leavings === undefined
      ? `${left} people left after later messages: too few to judge by.`
      : `Leaving: log loss ${leavings.model.toFixed(5)}, against ${leavings.rule.toFixed(5)} of one rate for every message (difference ${told(leavings, 5)}); of ${left} people who left ${sum(leaving.model).toFixed(1)} were foretold.`;
  return {
    verdict: byAnswers || byLeaving ? "published" : "withheld",
    because: byAnswers
      ? `How many messages there are makes a difference to answers: ${answers}.`
      : byLeaving
        ? `How many messages there are makes a difference to leaving, and answers are foretold no worse: ${answers}. ${leave}`
        : `Withheld: that the number of messages makes a difference is not beyond doubt: ${answers}.`,
    notes: [leave],
  };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const told = ({ low, high }: { low: number; high: number }, digits = 4): string =>
  `${low.toFixed(digits)} to ${high.toFixed(digits)}`;

/** Mean log losses, and their difference with its 95 % interval over people. */
function compared({ contacts, labels, model }: Foretold, rule: Float64Array, seed: number) {
  return {
    model: logLoss(model, labels),
    rule: logLoss(rule, labels),
    ...pairedDifference(logLoss, model, rule, labels, { seed, clusters: contacts }),
  };
}
