import { macroF1, type TextModel, textClassifier } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { readLog } from "../log/read-log.js";
import { plural } from "../terminal.js";

export interface MessagesOptions {
  readonly text: string;
  readonly label: string;
  /** A file of further texts with labels to judge by. Defaults to folds of the first. */
  readonly test?: string;
  /** How often answers are to be right, 0 to 1. Defaults to answering whenever a word is known. */
  readonly accuracy?: number;
  readonly seed: number;
  readonly separator?: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** How well labels are told. */
export interface MessagesCard {
  /** Different labels. */
  readonly labels: number;
  readonly names: readonly string[];
  readonly texts: number;
  /** Texts judged by that the model had not learned from. */
  readonly judged: number;
  readonly judgedBy: "test file" | "folds";
  /** Share of all of them whose likeliest label is right. */
  readonly accuracy: number;
  readonly macroF1: number;
  /** Share that is left to people. */
  readonly abstained: number;
  /** Share of the others that is right; `null` when none is answered. */
  readonly answeredAccuracy: number | null;
  readonly asked: number | null;
  /** On one thread, words to label. */
  readonly textsPerSecond: number;
  readonly notes: readonly string[];
  readonly seed: number;
}

/** @throws InchwormError "input" when a file or column is not there; LearnError "input" with fewer than two labels */
export async function messagesFile(
  path: string,
  options: MessagesOptions,
): Promise<{ readonly card: MessagesCard; readonly model: TextModel }> {
  const { test, accuracy, seed, signal, onProgress } = options;
  const train = await readTexts(path, options);
  const others = test === undefined ? undefined : await readTexts(test, options);
  const model = await textClassifier({ seed }).fit(train.texts, train.labels, {
    signal,
    onProgress: (share) =>
      onProgress({ step: "learning", done: Math.floor(100 * share), total: 100, unit: "%" }),
  });
  const asked = accuracy === undefined ? {} : { accuracy };
  const judged = others ? judge(model, others.texts, others.labels, asked) : model.proven(asked);
  return {
    model,
    card: {
      labels: model.labels.length,
      names: model.labels,
      texts: train.texts.length,
      judged: others?.texts.length ?? train.texts.length,
      judgedBy: others ? "test file" : "folds",
      ...judged,
      asked: accuracy ?? null,
      textsPerSecond: pace(model, others?.texts ?? train.texts),
      notes: [...train.notes, ...(others?.notes ?? [])],
      seed,
    },
  };
}

async function readTexts(path: string, options: MessagesOptions) {
  const { text, label, separator, signal, onProgress } = options;
  if (text === label)
    throw new InchwormError("input", `--text and --label both name the column "${text}".`, {
      hint: "Name the column of the texts with --text, and that of what each is about with --label.",
    });
  const log = await readLog(
    path,
    [
      { option: "--text", kind: "id", column: text },
      { option: "--label", kind: "id", column: label },
    ],
    { header: true, signal, onProgress, ...(separator !== undefined && { separator }) },
  );
  if (log.rows === 0)
    throw new InchwormError("input", `No row of ${path} has both "${text}" and "${label}".`, {
      hint: "Name the columns of the text and of its label with --text and --label.",
    });
  const texts = log.id("--text");
  const labels = log.id("--label");
  return {
    texts: Array.from(texts.codes, (code) => texts.levels[code]),
    labels: Array.from(labels.codes, (code) => labels.levels[code]),
    notes: log.notes,
  };
}

function judge(
  model: TextModel,
  texts: readonly string[],
  labels: readonly string[],
  asked: { readonly accuracy?: number },
) {
  // labels that the model has never seen have a place of their own, where no answer is right
  const names = [...new Set([...model.labels, ...labels])];
  const places = new Map(names.map((name, place) => [name, place]));
  const truth = Int32Array.from(labels, (label) => places.get(label) as number);
  const answers = model.predict(texts, asked);
  let right = 0;
  let answered = 0;
  let answeredRight = 0;
  for (const [row, one] of truth.entries()) {
    if (answers.likeliest[row] === one) right++;
    if (answers.labels[row] < 0) continue;
    answered++;
    if (answers.labels[row] === one) answeredRight++;
  }
  return {
    accuracy: right / texts.length,
    macroF1: macroF1(answers.likeliest, truth, names.length),
    abstained: 1 - answered / texts.length,
    answeredAccuracy: answered === 0 ? null : answeredRight / answered,
  };
}

const leastMs = 300;

/** Texts a second, on texts as they come: the better of passes over some of them. */
function pace(model: TextModel, texts: readonly string[]): number {
  const some = texts.slice(0, 20_000);
  let best = 0;
  const began = performance.now();
  do {
    const start = performance.now();
    model.predict(some);
    best = Math.max(best, (1000 * some.length) / (performance.now() - start));
  } while (performance.now() - began < leastMs);
  return Math.round(best);
}

/** The card in a line or two. */
export const tellMessages = (card: MessagesCard): string[] => {
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  const by =
    card.judgedBy === "folds"
      ? "in folds that the model had not seen"
      : `on ${plural(card.judged, "text")} of the test file`;
  return [
    `${plural(card.texts, "text")}, ${plural(card.labels, "label")}: ${share(card.accuracy)} right ${by}, macro F1 ${card.macroF1.toFixed(3)}`,
    card.asked === null
      ? `  ${share(card.abstained)} without a known word are left to people`
      : `  asked to be right ${share(card.asked)}: ${share(card.abstained)} are left to people${card.answeredAccuracy === null ? "" : `, ${share(card.answeredAccuracy)} of the others right`}`,
    `  ${card.textsPerSecond.toLocaleString("en-US")} texts a second`,
    ...card.notes.map((note) => `  ${note}`),
  ];
};
