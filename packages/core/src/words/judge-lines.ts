import { createHash } from "node:crypto";
import {
  type LineModel,
  type LinePair,
  linePairs,
  type SubjectLinesOptions,
  subjectLines,
} from "@inchworm/learn";
import type { ProbabilityCard } from "@inchworm/spec";
import { uniform } from "../dataset.js";
import { judge } from "../judge.js";
import { day } from "../windows.js";
import { type AccountLines, takeLines } from "./account-lines.js";
import type { WordsContext } from "./types.js";

/** Share of contests, the latest, that judge. */
const judgingShare = 1 / 3;
/** Pairs that are needed to judge by. */
export const leastPairs = 20;

export interface JudgedLines {
  readonly card?: ProbabilityCard;
  /** Pairs of lines in contests that came later. */
  readonly pairs: number;
}

/** Whether a model of earlier contests told the better line of later ones, beside the rule that lines of the length that won before win again. */
export async function judgeLines(
  lines: AccountLines,
  model: LineModel,
  options: WordsContext & {
    readonly scorer: string;
    readonly question: string;
    readonly notes: readonly string[];
    readonly settings: SubjectLinesOptions;
  },
): Promise<JudgedLines> {
  const { scorer, question, asOf, seed, signal, notes, settings } = options;
  const { earlier, later, since } = parted(lines);
  const pairs = linePairs(takeLines(lines.trials, later));
  if (pairs.length < leastPairs) return { pairs: pairs.length };
  const known = takeLines(lines.trials, earlier);
  const before = linePairs(known);
  const early = await subjectLines(settings).fit(known, { ...(signal && { signal }) });
  // which of two is called the left is drawn, so that there is something to tell
  const turned = pairs.map((pair, at) => (uniform(at, seed) < 0.5 ? pair : reversed(pair)));
  const labels = Float64Array.from(turned, ({ difference }) => (difference > 0 ? 1 : 0));
  if (labels.every((label) => label === labels[0])) return { pairs: pairs.length };
  const shorter = shorterWins(before);
  const training = before.map((pair, at) => (uniform(at, seed + 1) < 0.5 ? pair : reversed(pair)));
  const horizonDays = Math.max(1, Math.ceil((asOf - since) / day));
  const card = judge({
    scorer,
    question,
    windows: {
      training: [asOf - 2 * horizonDays * day],
      evaluation: asOf - horizonDays * day,
      refit: [asOf - horizonDays * day],
    },
    horizonDays,
    training: {
      rows: training.length,
      labels: Float64Array.from(training, ({ difference }) => (difference > 0 ? 1 : 0)),
    },
    evaluation: { rows: turned.length, labels },
    several: {
      days: new Int32Array(turned.length),
      contacts: Int32Array.from(turned, ({ campaign }) => campaign),
    },
    model: Float64Array.from(turned, ({ left, right, variance }) =>
      early.chance(left, right, variance),
    ),
    rule: {
      name: "the length that won before",
      probabilities: Float64Array.from(turned, ({ left, right }) => {
        const longer = Math.sign([...left].length - [...right].length);
        return longer === 0 ? 0.5 : longer < 0 ? shorter : 1 - shorter;
      }),
    },
    drivers: [...model.words, ...model.style]
      .map(({ word, effect }) => ({ feature: word, weight: Math.abs(Math.log1p(effect)) }))
      .sort((left, right) => right.weight - left.weight)
      .slice(0, 20),
    trainedAt: asOf,
    seed,
    dataHash: digestOf(lines),
    also: { notes },
  });
  return { card, pairs: pairs.length };
}

const reversed = ({ left, right, difference, ...pair }: LinePair): LinePair => ({
  ...pair,
  left: right,
  right: left,
  difference: -difference,
});

/** How often the shorter of two won, drawn towards half. */
function shorterWins(pairs: readonly LinePair[]): number {
  let won = 1;
  let all = 2;
  for (const { left, right, difference } of pairs) {
    const longer = [...left].length - [...right].length;
    if (longer === 0) continue;
    all++;
    if (longer < 0 === difference > 0) won++;
  }
  return won / all;
}

/** Lines of the contests that began first, and of those that began last. */
function parted({ trials, sentAt }: AccountLines) {
  const began = new Map<number, number>();
  for (const [line, at] of sentAt.entries()) {
    const contest = trials.campaigns[line];
    began.set(contest, Math.min(at, began.get(contest) ?? Infinity));
  }
  const ordered = [...began].sort((left, right) => left[1] - right[1] || left[0] - right[0]);
  const cut = Math.max(1, Math.floor(ordered.length * (1 - judgingShare)));
  const late = new Set(ordered.slice(cut).map(([contest]) => contest));
  const all = trials.texts.map((_, line) => line);
  return {
    earlier: all.filter((line) => !late.has(trials.campaigns[line])),
    later: all.filter((line) => late.has(trials.campaigns[line])),
    since: ordered[cut]?.[1] ?? 0,
  };
}

/** Equal lines, counts and corrections, equal digest. */
function digestOf({ trials }: AccountLines): string {
  const hash = createHash("sha256");
  for (const [line, text] of trials.texts.entries())
    hash.update(
      JSON.stringify([
        text,
        trials.campaigns[line],
        trials.shown[line],
        trials.clicked[line],
        trials.offsets[line],
      ]),
    );
  return hash.digest("hex").slice(0, 16);
}
