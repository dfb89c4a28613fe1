import { lineSpread, lineWords, subjectLines, type WordEffect, wordsAmong } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { type ProfileColumn, profileColumns, type Store } from "@inchworm/store";
import { day } from "../windows.js";
import { type AccountLines, accountLines, takeLines } from "./account-lines.js";
import { answerHours, cellsOf } from "./audience-cells.js";
import type { TextPart } from "./campaign-text.js";
import { judgeLines, leastPairs } from "./judge-lines.js";
import { scoreLines } from "./score-lines.js";
import type { GradedWord, LineScorer, LinesOptions, SegmentWords, WordsContext } from "./types.js";

/** Sends that are looked at, about; of more, all of some people's. */
const mostSends = 4_000_000;
/** Contests that words of a segment, or of tests alone, are told from. */
const leastContests = 10;

const defaults = { channel: "email", months: 24 } as const;

export interface LineScorerOptions extends LinesOptions {
  readonly name: string;
  readonly question: string;
  readonly part: TextPart;
  readonly by: "opens" | "clicks";
  /** Whether lines are short enough for rules on subject lines. */
  readonly lint: boolean;
}

/**
 * Learns from the campaigns in the store, and judges what was learned by later ones.
 *
 * @throws InchwormError "insufficient-data" where no campaign with such a text was sent; "input" for an option that cannot be
 */
export async function lineScorer(
  store: Store,
  options: LineScorerOptions,
  context: WordsContext,
): Promise<LineScorer> {
  const { name, question, part, by, lint, channel, months, test, segment, embedding } = {
    ...defaults,
    ...options,
  };
  const { asOf, seed, signal, onProgress } = context;
  if (!(months > 0))
    throw new InchwormError("input", `${name}: "months" must be above 0, got ${months}.`);
  const step = (done: number) => onProgress?.({ step: name, done, total: 4, unit: "steps" });
  const since = asOf - months * 30.44 * day;
  const { engagements } = await store.summary(asOf);
  const sends = await store.campaignSends({
    asOf,
    since,
    channel,
    answerHours,
    sample: Math.min(1, mostSends / Math.max(1, engagements)),
    ...(signal && { signal }),
  });
  step(1);
  const segmentOf = segment && (await segmentsBy(store, name, segment));
  const lines = await accountLines({
    sends,
    celled: cellsOf(sends, by === "opens" ? 1 : 2, asOf),
    part,
    ...(test && { test }),
    ...(segmentOf && { segmentOf }),
    ...(signal && { signal }),
  });
  if (lines.trials.texts.length === 0)
    throw new InchwormError(
      "insufficient-data",
      `${name}: no ${channel} campaign with ${said[part]} was sent to anybody who may be profiled in the last ${months} months.`,
      {
        hint: "Import campaigns, and who was sent them and what they did: inchworm import campaigns FILE, then inchworm import engagements FILE.",
      },
    );
  step(2);
  await embedding?.prepare?.(lines.trials.texts, { ...(signal && { signal }) });
  const settings = { seed, ...(embedding && { embedding }) };
  const model = await subjectLines(settings).fit(lines.trials, { ...(signal && { signal }) });
  const { words, style } = graded(lines, model);
  const segments = segmentWords(lines, model);
  step(3);
  const notes = notesOf(lines, by, part);
  const judged = await judgeLines(lines, model, {
    ...context,
    settings,
    scorer: name,
    question,
    notes,
  });
  step(4);
  const { card, pairs } = judged;
  const verdict = model.prior ? "prior" : (card?.verdict ?? "withheld");
  return {
    scorer: name,
    verdict,
    because:
      model.prior?.because ??
      card?.because ??
      `Withheld: ${pairs} pairs of lines came later to judge by, ${leastPairs} are needed.`,
    ...(card && !model.prior && { card }),
    ...(model.prior && { prior: model.prior }),
    words,
    style,
    segments,
    notes,
    winners: winnersOf(lines),
    score: (texts) => scoreLines(model, verdict, texts, lint),
  };
}

const said: Readonly<Record<TextPart, string>> = {
  subject: "a subject",
  preview: "a preview text",
  body: "a body",
  callToAction: "a link or button in its body",
};

async function segmentsBy(
  store: Store,
  name: string,
  segment: NonNullable<LinesOptions["segment"]>,
): Promise<(contact: number) => string | undefined> {
  if (typeof segment === "function") return segment;
  if (!profileColumns.includes(segment))
    throw new InchwormError("input", `${name}: "segment" is no column of contacts.`, {
      hint: `Give one of ${profileColumns.join(", ")}, or a function of the contact's number.`,
    });
  return valuesOf(await store.profiles({ columns: [segment] }));
}

function valuesOf({
  contacts,
  columns: [column],
}: {
  readonly contacts: Int32Array;
  readonly columns: readonly {
    readonly name: ProfileColumn;
    readonly codes: Int32Array;
    readonly levels: readonly string[];
  }[];
}) {
  const rows = new Map(Array.from(contacts, (contact, row) => [contact, row]));
  return (contact: number) => {
    const row = rows.get(contact);
    return row === undefined ? undefined : column.levels[column.codes[row]];
  };
}

/** What tests say where they say it, else what neighbouring weeks do. */
function graded(
  { trials, tested }: AccountLines,
  whole: { readonly words: readonly WordEffect[]; readonly style: readonly WordEffect[] },
): { words: GradedWord[]; style: GradedWord[] } {
  const inTests = takeLines(
    trials,
    Array.from(tested.keys()).filter((line) => tested[line] === 1),
  );
  const allTested = tested.every((one) => one === 1);
  const byLot =
    allTested || lineSpread(inTests).contests < leastContests ? undefined : lineWords(inTests);
  const grade = (all: readonly WordEffect[], some: readonly WordEffect[] = []): GradedWord[] => {
    const known = new Map(some.map((one) => [one.word, one]));
    return all
      .map((one): GradedWord => {
        const randomised = allTested ? one : known.get(one.word);
        return randomised ? { ...randomised, grade: "randomised" } : { ...one, grade: "adjusted" };
      })
      .sort((left, right) => left.p - right.p || (left.word < right.word ? -1 : 1));
  };
  return { words: grade(whole.words, byLot?.words), style: grade(whole.style, byLot?.style) };
}

function segmentWords(
  { segments }: AccountLines,
  whole: { readonly words: readonly WordEffect[]; readonly style: readonly WordEffect[] },
): SegmentWords[] {
  return segments.flatMap(({ segment, trials }) =>
    lineSpread(trials).contests < leastContests
      ? []
      : [{ segment, words: wordsAmong(trials, whole) }],
  );
}

function notesOf({ trials, tested, tests, notes }: AccountLines, by: string, part: TextPart) {
  const lot = tested.reduce((sum, one) => sum + one, 0);
  const weeks = trials.texts.length - lot;
  return [
    ...(tests > 0
      ? [
          `${lot} campaigns are in ${tests} tests sent by lot; what they alone show is graded "randomised".`,
        ]
      : []),
    ...(weeks > 0
      ? [
          `${weeks} campaigns were not sent by lot: they are compared within four weeks, corrected for how their people answer other campaigns and how lately they did, for how many messages they had just had, and for the hour; what that shows is graded "adjusted", and what is not known of whom they were sent to may still be in it.`,
        ]
      : []),
    `Compared by ${by} of people; what machines opened and clicked is left out.`,
    ...(part === "subject" || part === "preview"
      ? []
      : [
          "Texts are compared by clicks among everybody they were sent to, whether or not they opened.",
        ]),
    ...notes,
  ];
}

/** Log-odds beyond which a rate is not told from less. */
const most = 5;

/** Lines by what they came to against the others they are compared with, each drawn towards them by how little it was seen. */
function winnersOf({ trials }: AccountLines): LineScorer["winners"] {
  const { spread } = lineSpread(trials);
  const levels = new Map<number, { weight: number; sum: number }>();
  const lines = trials.texts.map((text, line) => {
    const [n, c] = [trials.shown[line], trials.clicked[line]];
    const value = Math.log((c + 0.5) / (n - c + 0.5)) - trials.offsets[line];
    const weight = 1 / (1 / (c + 0.5) + 1 / (n - c + 0.5) + trials.noise[line] + spread);
    const contest = trials.campaigns[line];
    const level = levels.get(contest) ?? { weight: 0, sum: 0 };
    levels.set(contest, { weight: level.weight + weight, sum: level.sum + weight * value });
    return { text, value, weight, contest };
  });
  const sums = new Map<string, { weight: number; sum: number }>();
  for (const { text, value, weight, contest } of lines) {
    const level = levels.get(contest) as { weight: number; sum: number };
    const own = sums.get(text) ?? { weight: 0, sum: 0 };
    const difference = Math.max(-most, Math.min(most, value - level.sum / level.weight));
    sums.set(text, { weight: own.weight + weight, sum: own.sum + weight * difference });
  }
  return [...sums]
    .map(([text, { weight, sum }]) => ({ text, effect: Math.expm1(sum / (weight + 1 / spread)) }))
    .sort((left, right) => right.effect - left.effect || (left.text < right.text ? -1 : 1));
}
