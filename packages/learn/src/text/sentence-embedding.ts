import { checkAborted } from "../abort.js";
import { LearnError } from "../error.js";
import { loadRuntime, type Runtime, type RuntimeSession } from "../onnx/runtime.js";
import { openSession } from "../onnx/session.js";
import type { TextEmbedding } from "./embedding.js";

export interface SentenceEmbeddingOptions {
  /** The file: whole numbers in as `input_ids` (and `attention_mask`, `token_type_ids` where it has them), float32 out. */
  readonly model: Uint8Array;
  /** The model's own tokenizer: numbers of a text's tokens, those that begin and end it among them. */
  readonly tokenize: (text: string) => ArrayLike<number>;
  /** Most tokens of a text; what comes after is left out. Defaults to 128. */
  readonly length?: number;
  /** The output to read: one vector per text, or one per token, whose mean is taken. Defaults to the first. */
  readonly output?: string;
  /** Threads that one run may use. Defaults to 1. */
  readonly threads?: number;
}

/** Vectors of texts that have been prepared. */
export interface SentenceEmbedding extends TextEmbedding {
  /** Works out vectors of texts that it has none of yet. */
  prepare(texts: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

const who = "sentenceEmbedding";
const defaults = { length: 128, threads: 1 };
/** Texts given to the runtime at once. */
const batch = 32;

/**
 * A sentence model of your own in ONNX as features for `textClassifier` and `subjectLines`. Needs onnxruntime-node. `of` gives vectors
 * of prepared texts alone.
 *
 * @throws LearnError "input" without onnxruntime-node, or where inputs do not fit; "artifact" when the bytes are no model it can run
 * @example
 * const embedding = await sentenceEmbedding({ model, tokenize });
 * await embedding.prepare(texts);
 * const classifier = await textClassifier({ embedding }).fit(texts, labels);
 */
export async function sentenceEmbedding(
  options: SentenceEmbeddingOptions,
): Promise<SentenceEmbedding> {
  const { model, tokenize, length, output, threads } = { ...defaults, ...options };
  if (!(Number.isInteger(length) && length >= 1))
    throw new LearnError("input", `${who}: "length" must be an integer ≥ 1, got ${length}.`);
  const runtime = await loadRuntime(who);
  const session = await openSession(runtime, model, threads);
  const name = output ?? session.outputNames[0];
  const unknown = session.inputNames.filter((input) => !(input in inputs));
  if (
    !session.outputNames.includes(name) ||
    !session.inputNames.includes("input_ids") ||
    unknown.length > 0
  )
    throw new LearnError("input", `${who}: the model's inputs or output do not fit.`, {
      hint: `It has ${session.inputNames.join(", ")} in and ${session.outputNames.join(", ")} out; needed are ${Object.keys(inputs).join(", ")}, of which the first always.`,
    });
  const known = new Map<string, Float32Array>();
  const masked = session.inputNames.includes("attention_mask");
  const [probe] = await vectorsOf(runtime, session, name, [tokensOf(tokenize, " ", length)]);
  return {
    dimensions: probe.length,
    of(text) {
      const vector = known.get(text);
      if (vector) return vector;
      throw new LearnError("input", `${who}: a text has not been prepared.`, {
        hint: "Call prepare(texts) first, before fitting and before predicting.",
      });
    },
    async prepare(texts, { signal } = {}) {
      const fresh = [...new Set(texts)].filter((text) => !known.has(text));
      for (const part of batches(
        fresh.map((text) => ({ text, tokens: tokensOf(tokenize, text, length) })),
        masked,
      )) {
        checkAborted(signal);
        const vectors = await vectorsOf(
          runtime,
          session,
          name,
          part.map(({ tokens }) => tokens),
        );
        for (const [at, vector] of vectors.entries()) known.set(part[at].text, vector);
      }
    },
    close: () => session.release(),
  };
}

interface Tokens {
  readonly text: string;
  readonly tokens: readonly number[];
}

/** So many texts at a time; a model that is not told where a text ends gets texts of one length together. */
function batches(texts: readonly Tokens[], masked: boolean): Tokens[][] {
  const parts: Tokens[][] = [];
  for (const one of [...texts].sort((left, right) => left.tokens.length - right.tokens.length)) {
    const part = parts.at(-1);
    const fits =
      part && part.length < batch && (masked || part[0].tokens.length === one.tokens.length);
    if (fits) part.push(one);
    else parts.push([one]);
  }
  return parts;
}

/** What each input holds for a token, and for the room that is left. */
const inputs: Readonly<Record<string, (token: number | undefined) => number>> = {
  input_ids: (token) => token ?? 0,
  attention_mask: (token) => (token === undefined ? 0 : 1),
  token_type_ids: () => 0,
};

function tokensOf(
  tokenize: SentenceEmbeddingOptions["tokenize"],
  text: string,
  length: number,
): number[] {
  const tokens = Array.from(tokenize(text)).slice(0, length);
  if (tokens.every((token) => Number.isSafeInteger(token) && token >= 0)) return tokens;
  throw new LearnError("input", `${who}: "tokenize" gave what is no number of a token.`);
}

/** One vector per text: the model's own, or the mean over its tokens. */
async function vectorsOf(
  runtime: Runtime,
  session: RuntimeSession,
  output: string,
  texts: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const width = Math.max(1, ...texts.map((tokens) => tokens.length));
  const feeds = Object.fromEntries(
    session.inputNames.map((input) => {
      const values = new BigInt64Array(texts.length * width);
      for (const [row, tokens] of texts.entries())
        for (let at = 0; at < width; at++)
          values[row * width + at] = BigInt(inputs[input](tokens[at]));
      return [input, new runtime.Tensor("int64", values, [texts.length, width])];
    }),
  );
  const { data, dims } = (await session.run(feeds, [output]))[output];
  const size = dims.at(-1) ?? 0;
  const perToken = dims.length === 3;
  if (
    dims[0] !== texts.length ||
    size === 0 ||
    (dims.length !== 2 && !(perToken && dims[1] === width))
  )
    throw new LearnError("input", `${who}: the output has shape [${dims.join(", ")}].`, {
      hint: "It must be one vector per text, or one per token.",
    });
  return texts.map((tokens, row) => {
    const vector = new Float32Array(size);
    const count = perToken ? Math.max(1, tokens.length) : 1;
    for (let token = 0; token < count; token++)
      for (let at = 0; at < size; at++)
        vector[at] += Number(data[(perToken ? row * width + token : row) * size + at]) / count;
    return vector;
  });
}
