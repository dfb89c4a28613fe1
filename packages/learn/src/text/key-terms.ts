import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { normalQuantile } from "../special/normal.js";
import { tokens } from "./tokens.js";

/** A term that one group of people uses more than the others. */
export interface KeyTerm {
  readonly term: string;
  /** Log-odds of the term in the group less those elsewhere, drawn towards 0 where it is rare. */
  readonly logOdds: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** `logOdds` in standard errors: what terms are ranked by. */
  readonly z: number;
  /** How often the group uses it, and all together. */
  readonly count: number;
  readonly total: number;
}

export interface KeyTerms {
  readonly group: string;
  readonly texts: number;
  /** Words and pairs of words, those most typical of the group first. */
  readonly terms: readonly KeyTerm[];
  /** The same of its questions alone, held against the others' questions. */
  readonly questions: readonly KeyTerm[];
}

export interface KeyTermsOptions {
  /** Terms told of each group. Defaults to 20. */
  readonly most?: number;
  /** Terms used less often than this by all together are left out. Defaults to 3. */
  readonly least?: number;
  /** How many terms the prior counts for: the more, the more a group must say to stand out. Defaults to 500. */
  readonly prior?: number;
}

const who = "keyTerms";
const defaults = { most: 20, least: 3, prior: 500 } satisfies Required<KeyTermsOptions>;
export const keyTermsConstraints: Constraints = {
  most: { min: 1, integer: true },
  least: { min: 1, integer: true },
  prior: { above: 0 },
};

const asks = /[?？؟]/u;
/** What ends a sentence: only the sentences that ask count as questions. */
const sentences = /[^.!?。！？؟\n]+[.!?。！？؟\n]*/gu;

/**
 * The words, pairs of words and questions by which groups of people differ: weighted log-odds with an informative Dirichlet prior, the terms of all
 * groups together (Monroe, Colaresi & Quinn 2008, eqs. 16, 20 and 22). `undefined` is in no group. A text counts a term once.
 *
 * @throws LearnError "input" when lists differ in length, or there are not two groups
 */
export function keyTerms(
  texts: readonly string[],
  groups: readonly (string | undefined)[],
  options: KeyTermsOptions = {},
): KeyTerms[] {
  const { most, least, prior } = { ...defaults, ...options };
  checkOptions(who, { most, least, prior }, keyTermsConstraints);
  if (texts.length !== groups.length)
    throw new LearnError(
      "input",
      `${who}: there are ${texts.length} texts and ${groups.length} groups.`,
    );
  const names = [...new Set(groups.filter((name) => name !== undefined))].sort((left, right) =>
    left < right ? -1 : 1,
  );
  if (names.length < 2)
    throw new LearnError(
      "input",
      `${who}: there must be two groups at least, got ${names.length}.`,
      {
        hint: "What is typical of a group shows only against others.",
      },
    );
  const own = names.map((name) => texts.filter((_, at) => groups[at] === name));
  const said = own.map((list) => counted(list));
  const asked = own.map((list) => counted(list.map(questionsOf)));
  return names.map((group, at) => ({
    group,
    texts: own[at].length,
    terms: typical(said, at, { most, least, prior }),
    questions: typical(asked, at, { most, least, prior }),
  }));
}

/** The sentences of a text that ask something. */
const questionsOf = (text: string): string =>
  (text.match(sentences) ?? []).filter((sentence) => asks.test(sentence)).join(" ");

function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const words = tokens(text).filter((token) => /\p{L}|\p{Extended_Pictographic}/u.test(token));
    const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
    for (const term of new Set([...words, ...pairs])) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

function typical(
  groups: readonly ReadonlyMap<string, number>[],
  at: number,
  { most, least, prior }: Required<KeyTermsOptions>,
): KeyTerm[] {
  const totals = new Map<string, number>();
  for (const counts of groups)
    for (const [term, count] of counts) totals.set(term, (totals.get(term) ?? 0) + count);
  const known = [...totals].filter(([, total]) => total >= least);
  const all = known.reduce((sum, [, total]) => sum + total, 0);
  const inside = known.reduce((sum, [term]) => sum + (groups[at].get(term) ?? 0), 0);
  const reach = normalQuantile(0.975);
  return known
    .map(([term, total]): KeyTerm => {
      const count = groups[at].get(term) ?? 0;
      const weight = (prior * total) / all;
      const ours = count + weight;
      const theirs = total - count + weight;
      const logOdds =
        Math.log(ours / (inside + prior - ours)) -
        Math.log(theirs / (all - inside + prior - theirs));
      const error = Math.sqrt(1 / ours + 1 / theirs);
      return {
        term,
        logOdds,
        low: logOdds - reach * error,
        high: logOdds + reach * error,
        z: logOdds / error,
        count,
        total,
      };
    })
    .filter(({ z }) => z > 0)
    .sort((left, right) => right.z - left.z || (left.term < right.term ? -1 : 1))
    .slice(0, most);
}
