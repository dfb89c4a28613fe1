import { LearnError } from "../error.js";
import { loadRuntime, type RuntimeMetadata, type RuntimeSession } from "./runtime.js";
import { openSession } from "./session.js";

/** How an imported model is fed, and by which numbers it knows items. */
export interface SequenceShape {
  readonly bytes: Uint8Array;
  /** Of each item; -1 for one that the model does not know. */
  readonly numbers: Int32Array;
  /** Undefined: what the model's input fixes, else `usualLength`. */
  readonly length: number | undefined;
  readonly padding: number;
  readonly padded: "before" | "after";
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly threads: number;
}

/** Scores of every number that the model knows, for what each of some people had last. */
export interface SequenceModel {
  /** How many of the latest items it looks at. */
  readonly length: number;
  /** Calls `row` for each sequence of items, in order, with one score per number of the model. */
  scores(
    sequences: readonly Int32Array[],
    row: (scores: ArrayLike<number>, at: number) => void,
  ): Promise<void>;
}

const kind = "onnx-sequence";
const usualLength = 50;
/** Sequences given to the runtime at once. */
const batchRows = 256;

/**
 * Opens a model and tries it: on the item of the lowest number and of the highest, alone and as many as it takes.
 *
 * @throws LearnError "artifact" when the bytes are no model that runs; "input" when its inputs, outputs or numbers do not fit
 */
export async function openSequenceModel(shape: SequenceShape): Promise<SequenceModel> {
  const { bytes, numbers, padding, padded, threads } = shape;
  const runtime = await loadRuntime(kind);
  const session = await openSession(runtime, bytes, threads);
  const input = inputOf(session, shape.input);
  const output = named(session.outputNames, shape.output, "output", session.outputNames[0]);
  const type = typeOf(input);
  const [rows, fixed] = [fixedSize(input, 0), fixedSize(input, 1)];
  if (shape.length !== undefined && fixed !== undefined && shape.length !== fixed)
    throw refused(`takes sequences of ${fixed} items, not of ${shape.length}`, "length");
  const length = shape.length ?? fixed ?? usualLength;
  const highest = numbers.reduce((most, number) => Math.max(most, number), -1);
  if (highest < 0)
    throw refused("knows none of the items: all of its numbers are below 0", "numbers");

  const run = async (sequences: readonly Int32Array[]): Promise<Rows> => {
    const count = rows ?? sequences.length;
    const cells = new Array<number>(count * length).fill(padding);
    sequences.forEach((items, row) => {
      const kept = items.subarray(Math.max(0, items.length - length));
      const from = row * length + (padded === "before" ? length - kept.length : 0);
      kept.forEach((item, at) => {
        cells[from + at] = numbers[item];
      });
    });
    const data =
      type === "int64" ? BigInt64Array.from(cells, BigInt) : Int32Array.from(cells, Number);
    const feeds = { [input.name]: new runtime.Tensor(type, data, [count, length]) };
    return rowsOf(await attempt(session, feeds, output, highest), count, length);
  };
  const model: SequenceModel = {
    length,
    async scores(sequences, row) {
      const most = rows ?? batchRows;
      for (let from = 0; from < sequences.length; from += most) {
        const some = sequences.slice(from, from + most);
        const { data, width, steps } = await run(some);
        some.forEach((items, at) => {
          // where every step has scores, those that follow the latest item count
          const last = padded === "before" ? length : Math.min(length, items.length);
          const start = (at * steps + (steps === 1 ? 0 : last - 1)) * width;
          row(data.subarray(start, start + width), from + at);
        });
      }
    },
  };
  await tryOut(model, numbers, highest);
  return model;
}

interface Rows {
  readonly data: Float32Array;
  /** Scores per row and step. */
  readonly width: number;
  readonly steps: number;
}

async function attempt(
  session: RuntimeSession,
  feeds: Parameters<RuntimeSession["run"]>[0],
  output: string,
  highest: number,
) {
  try {
    return (await session.run(feeds, [output]))[output];
  } catch (cause) {
    const [reason] = String((cause as Error).message).split("\n");
    throw new LearnError(
      "input",
      `${kind}: the model failed on numbers of items up to ${highest}.`,
      {
        hint: `Check "numbers" and "padding": ${reason.slice(0, 200)}`,
        cause,
      },
    );
  }
}

function rowsOf(
  { data, dims, type }: Awaited<ReturnType<typeof attempt>>,
  rows: number,
  length: number,
): Rows {
  const steps = dims.length === 3 ? dims[1] : 1;
  const isFit = dims.length === 2 || (dims.length === 3 && (steps === 1 || steps === length));
  if (dims[0] !== rows || !isFit || !(data instanceof Float32Array))
    throw refused(
      `gives ${type} of shape [${dims.join(", ")}] for ${rows} sequences of ${length}, not float32 scores of [${rows}, numbers] or [${rows}, ${length}, numbers]`,
      "output",
    );
  return { data, width: dims[dims.length - 1], steps };
}

async function tryOut(model: SequenceModel, numbers: Int32Array, highest: number): Promise<void> {
  const top = numbers.indexOf(highest);
  const lowest = numbers.reduce(
    (least, number, item) => (number >= 0 && number < numbers[least] ? item : least),
    top,
  );
  await model.scores([Int32Array.of(lowest), Int32Array.of(top, lowest)], (scores) => {
    if (scores.length <= highest)
      throw refused(
        `scores ${scores.length} numbers, and the highest of the items' is ${highest}`,
        "numbers",
      );
    if (!Array.prototype.some.call(scores, Number.isFinite))
      throw refused("gives no number for a score", "output");
  });
}

const refused = (what: string, option: string): LearnError =>
  new LearnError("input", `${kind}: the model ${what}.`, { hint: `See the option "${option}".` });

function named(
  names: readonly string[],
  wanted: string | undefined,
  what: "input" | "output",
  usual: string,
): string {
  if (wanted === undefined || names.includes(wanted)) return wanted ?? usual;
  throw new LearnError("input", `${kind}: the model has no ${what} "${wanted}".`, {
    hint: `It has ${names.map((name) => `"${name}"`).join(", ")}.`,
  });
}

function inputOf(session: RuntimeSession, wanted: string | undefined): RuntimeMetadata {
  const { inputNames: names, inputMetadata = [] } = session;
  const name = named(names, wanted, "input", names[0]);
  if (names.length > 1)
    throw refused(
      `takes ${names.length} inputs (${names.join(", ")}), not one of sequences`,
      "model",
    );
  return inputMetadata.find((input) => input.name === name) ?? { name, isTensor: true };
}

function typeOf({ type = "int64", shape, name }: RuntimeMetadata): "int64" | "int32" {
  if (type !== "int64" && type !== "int32")
    throw refused(`takes ${type} in "${name}", not whole numbers (int64 or int32)`, "model");
  if (shape !== undefined && shape.length !== 2)
    throw refused(`takes [${shape.join(", ")}] in "${name}", not [sequences, items]`, "model");
  return type;
}

function fixedSize({ shape }: RuntimeMetadata, axis: number): number | undefined {
  const size = shape?.[axis];
  return typeof size === "number" && size > 0 ? size : undefined;
}
