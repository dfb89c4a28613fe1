import { random } from "@inchworm/learn";
import type { Measured, ProbabilityCard } from "@inchworm/spec";

/** Later messages that by chance were sent near people's own best hour. */
export interface AtBest {
  readonly rows: number;
  readonly answered: number;
  /** Answers expected had they been sent as near to the best hour for everyone, at each person's own rate. */
  readonly expected: number;
  /** Answers a message, less those expected, with its 95 % interval over people. */
  readonly gain: Measured;
}

const resamples = 1000;

/** What own hours brought, beside what the best hour for everyone would have. Messages of one person are drawn together. */
export function gainAtBest(
  sends: readonly { readonly contact: number; readonly label: number; readonly expected: number }[],
  seed: number,
): AtBest {
  const people = new Map<number, { rows: number; answered: number; expected: number }>();
  const all = { rows: 0, answered: 0, expected: 0 };
  for (const { contact, label, expected } of sends) {
    const own = people.get(contact) ?? { rows: 0, answered: 0, expected: 0 };
    for (const sums of [own, all]) {
      sums.rows++;
      sums.answered += label;
      sums.expected += expected;
    }
    people.set(contact, own);
  }
  const each = [...people.values()];
  const { below } = random(seed);
  const drawn = Array.from({ length: each.length > 0 ? resamples : 0 }, () => {
    let [rows, gained] = [0, 0];
    for (let draw = 0; draw < each.length; draw++) {
      const own = each[below(each.length)];
      rows += own.rows;
      gained += own.answered - own.expected;
    }
    return gained / rows;
  }).sort((one, other) => one - other);
  const at = (share: number) => drawn[Math.floor(share * (drawn.length - 1))] ?? Number.NaN;
  const value = (all.answered - all.expected) / all.rows;
  return { ...all, gain: { value, low: at(0.025), high: at(0.975) } };
}

/** Fewer messages near people's own best hours show nothing. */
const leastRows = 50;

/**
 * The verdict, by what is asked: whether people answer more at hours of their own. Published when messages near their own best were
 * answered more than the best hour for everyone would bring, beyond doubt, or all later answers are ranked better beyond doubt; and
 * the probabilities are no worse than the rule's.
 */
export function verdictOf(
  card: ProbabilityCard,
  { rows, answered, expected, gain }: AtBest,
): Pick<ProbabilityCard, "verdict" | "because"> {
  const percent = (part: number) => `${((100 * part) / Math.max(1, rows)).toFixed(1)} %`;
  const points = (share: number) => (100 * share).toFixed(1);
  const found = `of ${rows} later messages that by chance were sent near people's own best hour ${percent(answered)} were answered, where the best hour for everyone would bring ${percent(expected)} (difference ${points(gain.low)} to ${points(gain.high)} points)`;
  const better = rows >= leastRows && gain.low > 0;
  if (card.gain.logLoss.value < 0 && better)
    return {
      verdict: "published",
      because: `Own hours beat the best hour for everyone: ${found}.`,
    };
  return {
    verdict: card.verdict,
    because: rows < leastRows ? card.because : `${card.because} And ${found}.`,
  };
}
