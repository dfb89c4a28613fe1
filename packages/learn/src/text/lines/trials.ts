import { LearnError } from "../../error.js";
import { normalise } from "../normalise.js";

/** Lines that were sent, one entry per line. */
export interface LineTrials {
  readonly texts: readonly string[];
  /**
   * Lines with the same number were sent to the same kind of people, at the same time, with all else alike: only they are compared,
   * so that audience, hour and fatigue cancel out.
   */
  readonly campaigns: ArrayLike<number>;
  readonly shown: ArrayLike<number>;
  readonly clicked: ArrayLike<number>;
  /** Campaigns of one number are never on both sides of a fold. Campaigns that share a line are kept together in any case. */
  readonly together?: ArrayLike<number>;
  /** What is known to move the log-odds of a click of each line besides its words, such as its audience; taken off before lines are compared. */
  readonly offsets?: ArrayLike<number>;
  /** Variance of the log-odds of each line beyond sampling, such as of lines that were not sent by lot. Defaults to none. */
  readonly noise?: ArrayLike<number>;
}

/** What can be learned from: campaigns with two different lines at least, in the order of their numbers. */
export interface Contests {
  readonly texts: readonly string[];
  /** Log-odds of a click with half a click added to each side, less what else is known to move them, and their variance. */
  readonly logits: Float64Array;
  readonly variances: Float64Array;
  readonly shown: Float64Array;
  readonly clicked: Float64Array;
  /** Lines of contest `c` are `starts[c] … starts[c + 1] − 1`. */
  readonly starts: Int32Array;
  /** Of each contest: its campaign's number. */
  readonly numbers: Float64Array;
  /** Of each contest: contests with the same number belong on the same side of a fold. */
  readonly blocks: Int32Array;
  /** Whether anything was taken off: bare rates then tell nothing. */
  readonly corrected: boolean;
}

export const who = "subject-lines";

/** @throws LearnError "input" naming the line at fault, counted from 1 */
export function contestsOf(trials: LineTrials): Contests {
  const { texts, campaigns, shown, clicked, together, offsets, noise } = trials;
  const lists = { campaigns, shown, clicked, together, offsets, noise };
  for (const [name, list] of Object.entries(lists))
    if (list && list.length !== texts.length)
      throw new LearnError(
        "input",
        `${who}: there are ${texts.length} texts and ${list.length} entries of "${name}".`,
      );
  for (let line = 0; line < texts.length; line++)
    if (!(shown[line] >= 0 && clicked[line] >= 0 && clicked[line] <= shown[line]))
      throw new LearnError(
        "input",
        `${who}: line ${line + 1} was shown ${shown[line]} times and clicked ${clicked[line]} times.`,
        { hint: "Clicks are people who clicked: no fewer than none, no more than were shown it." },
      );
  const byCampaign = new Map<number, number[]>();
  for (let line = 0; line < texts.length; line++) {
    if (shown[line] === 0) continue;
    const lines = byCampaign.get(campaigns[line]);
    if (lines) lines.push(line);
    else byCampaign.set(campaigns[line], [line]);
  }
  const compared = [...byCampaign]
    .map(([number, lines]) => ({ number, lines: merged(lines, trials) }))
    .filter(({ lines }) => lines.length > 1);
  const contests = compared.map(({ lines }) => lines);
  const lines = contests.flat();
  const starts = new Int32Array(contests.length + 1);
  for (const [at, contest] of contests.entries()) starts[at + 1] = starts[at] + contest.length;
  return {
    texts: lines.map(({ text }) => text),
    logits: Float64Array.from(
      lines,
      ({ n, c, offset }) => Math.log((c + 0.5) / (n - c + 0.5)) - offset / n,
    ),
    variances: Float64Array.from(
      lines,
      ({ n, c, noise }) => 1 / (c + 0.5) + 1 / (n - c + 0.5) + noise / n,
    ),
    shown: Float64Array.from(lines, ({ n }) => n),
    clicked: Float64Array.from(lines, ({ c }) => c),
    starts,
    numbers: Float64Array.from(compared, ({ number }) => number),
    blocks: blocksOf(contests),
    corrected: offsets !== undefined,
  };
}

interface Line {
  readonly text: string;
  readonly block: number | undefined;
  n: number;
  c: number;
  /** Sums over who was shown it. */
  offset: number;
  noise: number;
}

/** The same line twice in one campaign is one line. */
function merged(lines: readonly number[], trials: LineTrials): Line[] {
  const found = new Map<string, Line>();
  for (const line of lines) {
    const text = trials.texts[line].trim();
    const own: Line = { text, block: trials.together?.[line], n: 0, c: 0, offset: 0, noise: 0 };
    const known = found.get(text) ?? own;
    known.n += trials.shown[line];
    known.c += trials.clicked[line];
    known.offset += trials.shown[line] * (trials.offsets?.[line] ?? 0);
    known.noise += trials.shown[line] * (trials.noise?.[line] ?? 0);
    found.set(text, known);
  }
  return [...found.values()];
}

/** Numbers contests so that those that share a line, or that the caller keeps together, have the same number. */
function blocksOf(contests: readonly (readonly Line[])[]): Int32Array {
  const parent = Int32Array.from(contests.keys());
  const root = (at: number): number => {
    let top = at;
    while (parent[top] !== top) top = parent[top];
    parent[at] = top;
    return top;
  };
  const first = new Map<string | number, number>();
  for (const [contest, lines] of contests.entries())
    for (const { text, block } of lines)
      for (const key of block === undefined ? [normalise(text)] : [normalise(text), block]) {
        const known = first.get(key);
        if (known === undefined) first.set(key, contest);
        else {
          const [left, right] = [root(known), root(contest)];
          parent[Math.max(left, right)] = Math.min(left, right);
        }
      }
  return Int32Array.from(contests.keys(), root);
}
