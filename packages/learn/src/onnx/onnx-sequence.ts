import { badArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { packWords, unpackWords } from "../packed.js";
import type { Histories } from "../recommend/histories.js";
import { estimator, type InnerModel } from "../recommend/model.js";
import { type Ask, emptyLists, type Lists, type Ranker, topList } from "../recommend/ranker.js";
import { inTime } from "../recommend/transitions.js";
import type { RecommenderEstimator } from "../recommend/types.js";
import { openSequenceModel, type SequenceModel, type SequenceShape } from "./sequence-model.js";

export interface OnnxSequenceOptions {
  /** The file: one input of whole numbers, [sequences, items]; float32 scores out, [sequences, numbers] or one such for every step. */
  readonly model: Uint8Array;
  /** Number by which the model knows each item; -1 for one that it does not. Defaults to the item + 1, where 0 is padding. */
  readonly numbers?: ArrayLike<number>;
  /** How many of the latest items it is fed. Defaults to what its input fixes, else 50. */
  readonly length?: number;
  /** Number that fills up short sequences. Defaults to 0. */
  readonly padding?: number;
  /** Where padding stands. Defaults to "before". */
  readonly padded?: "before" | "after";
  /** Names, where there are several. Default to the first. */
  readonly input?: string;
  readonly output?: string;
  /** Threads that one run may use. Defaults to 1. */
  readonly threads?: number;
}

const defaults = { padding: 0, padded: "before", threads: 1 } as const;
const constraints: Constraints = {
  padding: { min: 0, integer: true },
  threads: { min: 1, integer: true },
};
const kind = "onnx-sequence";

/**
 * A sequence model that was trained elsewhere, such as SASRec or GRU4Rec, among the others: each person's latest items go in, in the
 * order of time, and the best scored of all items come out. `fit` learns nothing; it opens the file, tries it and says what does not fit.
 * Needs onnxruntime-node. Scores below 0 are taken for log-odds, and become shares by a softmax over all items. A model that has seen what a race keeps back looks better there than it is.
 */
export function onnxSequence(options: OnnxSequenceOptions): RecommenderEstimator<InnerModel> {
  const { model: bytes, numbers, length, input, output } = options;
  const { padding, padded, threads } = { ...defaults, ...options };
  checkOptions(kind, { padding, threads }, constraints);
  if (length !== undefined)
    checkOptions(kind, { length }, { length: { min: 1, max: 10_000, integer: true } });
  if (padded !== "before" && padded !== "after")
    throw new LearnError("input", `${kind}: "padded" must be "before" or "after".`);
  const rest = { length, padding, padded, input, output, threads };
  return estimator(kind, {
    async fit({ entries, times }) {
      if (!times)
        throw new LearnError("input", `${kind}: the interactions have no times.`, {
          hint: "Pass them: a sequence model needs to know what came last.",
        });
      const shape = { ...rest, bytes, numbers: numbersOf(numbers, entries.columns) };
      return sequenceRanker(shape, await openSequenceModel(shape));
    },
    save: ({ shape }) => ({
      model: Buffer.from(shape.bytes).toString("base64"),
      numbers: packWords(shape.numbers),
      padding: shape.padding,
      padded: shape.padded,
      ...(shape.length !== undefined && { length: shape.length }),
      ...(shape.input !== undefined && { input: shape.input }),
      ...(shape.output !== undefined && { output: shape.output }),
    }),
    load(data, itemCount) {
      const optional = (key: "input" | "output") => (data.has(key) ? data.text(key) : undefined);
      const saved = unpackWords(kind, data, "numbers", itemCount);
      if (saved.some((number) => number < -1)) throw badArtifact(kind, "its numbers are none");
      return sequenceRanker({
        bytes: Buffer.from(data.text("model"), "base64"),
        numbers: saved,
        length: data.has("length")
          ? data.number("length", { min: 1, max: 10_000, integer: true })
          : undefined,
        padding: data.number("padding", { min: 0, integer: true }),
        padded: data.choice("padded", ["before", "after"]),
        input: optional("input"),
        output: optional("output"),
        threads,
      });
    },
  });
}

function numbersOf(given: ArrayLike<number> | undefined, itemCount: number): Int32Array {
  if (!given) return Int32Array.from({ length: itemCount }, (_, item) => item + 1);
  const numbers = Int32Array.from(given);
  if (numbers.length !== itemCount)
    throw new LearnError(
      "input",
      `${kind}: "numbers" has ${numbers.length} entries, and there are ${itemCount} items.`,
      { hint: "Give one for every item, -1 for what the model does not know." },
    );
  const seen = new Set<number>();
  numbers.forEach((number, item) => {
    if (number !== given[item] || number < -1)
      throw new LearnError("input", `${kind}: item ${item} has the number ${given[item]}.`, {
        hint: "Numbers are whole, from 0 on, and -1 for what the model does not know.",
      });
    if (number >= 0 && seen.has(number))
      throw new LearnError("input", `${kind}: two items have the number ${number}.`);
    seen.add(number);
  });
  return numbers;
}

/** Opens the file when it is first asked, where it was not opened before. */
function sequenceRanker(shape: SequenceShape, opened?: SequenceModel) {
  const { numbers } = shape;
  let open: Promise<SequenceModel> | undefined = opened && Promise.resolve(opened);
  const list = async (sequences: readonly Int32Array[], ask: Ask): Promise<Lists> => {
    open ??= openSequenceModel(shape);
    const model = await open;
    const lists = emptyLists(sequences.length, ask.k);
    const known: number[] = [];
    sequences.forEach((items, row) => {
      if (items.length > 0) known.push(row);
    });
    const top = topList(ask.k);
    const whole = known.map((row) => sequences[row]);
    await model.scores(whole, (scores, at) => {
      const row = known[at];
      const share = shareOf(scores);
      let ban = ask.bans.pointers[row];
      const end = ask.bans.pointers[row + 1];
      for (let item = 0; item < numbers.length; item++) {
        const isBanned = ban < end && ask.bans.items[ban] === item;
        if (isBanned) ban++;
        const score = numbers[item] < 0 ? Number.NaN : scores[numbers[item]];
        if (isBanned || !Number.isFinite(score) || ask.open?.[item] === 0) continue;
        top.add(item, share(score));
      }
      top.write(lists, row);
    });
    return lists;
  };
  const ranker: Ranker = {
    form: { kind: "own" },
    best: (histories, ask) => list(sequencesOf(histories, numbers), ask),
    similar: (items, ask) =>
      list(
        Array.from(items, (item) => Int32Array.from(numbers[item] < 0 ? [] : [item])),
        ask,
      ),
    likeness: () => 0,
  };
  return { ...ranker, shape };
}

/** A blend adds up what stands above 0: of log-odds that would be nothing. */
function shareOf(scores: ArrayLike<number>): (score: number) => number {
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < scores.length; at++) {
    if (scores[at] > most && scores[at] < Infinity) most = scores[at];
    if (scores[at] < least && scores[at] > -Infinity) least = scores[at];
  }
  if (!(least < 0)) return (score) => score;
  let sum = 0;
  for (let at = 0; at < scores.length; at++)
    if (Number.isFinite(scores[at])) sum += Math.exp(scores[at] - most);
  return (score) => Math.exp(score - most) / sum;
}

/** What each person had, the latest last, of what the model knows. */
function sequencesOf(histories: Histories, numbers: Int32Array): Int32Array[] {
  const { rows, indices } = histories.entries;
  return Array.from({ length: rows }, (_, row) =>
    inTime(histories, row)
      .map((entry) => indices[entry])
      .filter((item) => numbers[item] >= 0),
  );
}
