import { LearnError } from "../error.js";
import type { Table } from "../types.js";
import { feedsOf, makeFeeds } from "./feeds.js";
import { loadRuntime, type RuntimeSession, type RuntimeTensor } from "./runtime.js";
import { openSession } from "./session.js";

export interface OnnxScorerOptions {
  /** The output to read. Defaults to the one that holds probabilities, else the last tensor. */
  readonly output?: string;
  /** Which column of an output of several. Defaults to the last: the class 1 of two. */
  readonly outputColumn?: number;
  /** Threads that one run may use. Defaults to 1. */
  readonly threads?: number;
}

/** Scores tables by an ONNX model. */
export interface OnnxScorer {
  readonly inputs: readonly string[];
  /** The output it reads. */
  readonly output: string;
  /**
   * One number per row. Columns go to inputs of their names, or all, which must be numbers, in order to the one input of the model.
   *
   * @throws LearnError "input" when columns and inputs do not fit
   */
  predict(table: Table): Promise<Float64Array>;
  close(): Promise<void>;
}

/** Rows given to the runtime at once. */
const batchRows = 16_384;

/**
 * Runs any ONNX model through onnxruntime-node, which must be installed: ours, or one exported from scikit-learn or LightGBM
 * (there without ZipMap).
 *
 * @throws LearnError "input" without onnxruntime-node; "artifact" when the bytes are no model it can run
 */
export async function onnxScorer(
  bytes: Uint8Array,
  options: OnnxScorerOptions = {},
): Promise<OnnxScorer> {
  const { threads = 1 } = options;
  const runtime = await loadRuntime();
  const session = await openSession(runtime, bytes, threads);
  const output = chooseOutput(session, options.output);
  return {
    inputs: session.inputNames,
    output,
    async predict(table) {
      const feeds = feedsOf(session, table, bytes);
      const scores = new Float64Array(table.rows);
      const rows = feeds.rows ?? batchRows;
      for (let from = 0; from < table.rows; from += rows) {
        const to = Math.min(table.rows, from + rows);
        const run = await session.run(makeFeeds(runtime, feeds, from, to), [output]);
        readScores(run[output], options.outputColumn, scores.subarray(from, to));
      }
      return scores;
    },
    close: () => session.release(),
  };
}

function chooseOutput(session: RuntimeSession, wanted: string | undefined): string {
  const isTensor = (name: string) =>
    session.outputMetadata?.find((output) => output.name === name)?.isTensor ?? true;
  const tensors = session.outputNames.filter(isTensor);
  const found = wanted ?? tensors.find((name) => /prob/i.test(name)) ?? tensors.at(-1) ?? "";
  if (!session.outputNames.includes(found))
    throw new LearnError("input", `onnxScorer: the model has no output "${found}".`, {
      hint: `Its outputs are ${session.outputNames.map((name) => `"${name}"`).join(", ")}.`,
    });
  const maps = session.outputNames.some((name) => !isTensor(name) && /prob/i.test(name));
  if (!isTensor(found) || (wanted === undefined && maps && !/prob/i.test(found)))
    throw new LearnError(
      "input",
      "onnxScorer: the model gives its probabilities as maps, not as a tensor.",
      {
        hint: 'Export it again without ZipMap: options={"zipmap": False} in skl2onnx, zipmap=False in onnxmltools.',
      },
    );
  return found;
}

function readScores(
  { data, dims }: RuntimeTensor,
  column: number | undefined,
  scores: Float64Array,
): void {
  const width = dims.length < 2 ? 1 : dims[1];
  const at = column ?? width - 1;
  if (data.length !== scores.length * width || !(at >= 0 && at < width))
    throw new LearnError(
      "input",
      `onnxScorer: the output has shape [${dims.join(", ")}], which holds no column ${at} for ${scores.length} rows.`,
    );
  for (let row = 0; row < scores.length; row++) scores[row] = Number(data[row * width + at]);
}
