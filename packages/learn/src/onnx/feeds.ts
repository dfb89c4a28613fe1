import { LearnError } from "../error.js";
import { checkTable } from "../table.js";
import type { Column, Table } from "../types.js";
import { inputName } from "./graph.js";
import type { Runtime, RuntimeMetadata, RuntimeSession, RuntimeTensor } from "./runtime.js";

/** What each input of a model gets of a table. */
export interface Feeds {
  /** Rows of every run, where the model fixes them. */
  readonly rows: number | undefined;
  readonly inputs: readonly {
    readonly name: string;
    readonly type: InputType;
    readonly columns: readonly Column[];
    /** Given for a missing category. */
    readonly gap: string;
  }[];
}

const inputTypes = ["float32", "float64", "int32", "int64", "string"] as const;
type InputType = (typeof inputTypes)[number];

/** A text no level has: our own models take any text they do not know for a missing value. */
const ownGap = "\uE000";

/** @throws LearnError "input" when columns and inputs do not fit */
export function feedsOf(session: RuntimeSession, table: Table, bytes: Uint8Array): Feeds {
  checkTable("onnxScorer", table);
  const gap = isOurs(bytes) ? ownGap : "";
  const described = session.inputNames.map(
    (name) =>
      session.inputMetadata?.find((input) => input.name === name) ?? { name, isTensor: true },
  );
  const byName = new Map(table.columns.map((column) => [inputName(column.name), column]));
  const [only] = described;
  const whole = described.length === 1 && !byName.has(only.name) && table.columns.length > 0;
  const inputs = described.map((input) => {
    const columns = whole ? table.columns : [byName.get(input.name)].filter((c) => c !== undefined);
    if (columns.length === 0)
      throw new LearnError(
        "input",
        `onnxScorer: there is no column for the model's input "${input.name}".`,
      );
    const width = input.shape?.[1];
    if (typeof width === "number" && width > 0 && width !== columns.length)
      throw new LearnError(
        "input",
        `onnxScorer: the model's input "${input.name}" takes ${width} columns, not ${columns.length}.`,
      );
    const type = typeOf(input, columns);
    for (const column of columns) checkKind(column, input.name, type);
    return { name: input.name, type, columns, gap };
  });
  const rows = described[0]?.shape?.[0];
  return { rows: typeof rows === "number" && rows > 0 ? rows : undefined, inputs };
}

/** Our files begin with the version of the format and the producer's name. */
function isOurs(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(4, 12)) === "inchworm";
}

function typeOf({ name, type }: RuntimeMetadata, [first]: readonly Column[]): InputType {
  if (type === undefined) return first.kind === "number" ? "float32" : "string";
  const known = inputTypes.find((candidate) => candidate === type);
  if (known === undefined)
    throw new LearnError("input", `onnxScorer: the model's input "${name}" is of type ${type}.`, {
      hint: "Inputs can be float, double, int32, int64 or string.",
    });
  return known;
}

function checkKind({ kind, name }: Column, input: string, type: InputType): void {
  if (kind === "number" && type === "string")
    throw new LearnError(
      "input",
      `onnxScorer: input "${input}" wants text, column "${name}" holds numbers.`,
    );
  if (kind === "category" && type.startsWith("float"))
    throw new LearnError(
      "input",
      `onnxScorer: input "${input}" wants numbers, column "${name}" holds categories.`,
    );
}

export function makeFeeds(
  { Tensor }: Runtime,
  { inputs, rows }: Feeds,
  from: number,
  to: number,
): Record<string, RuntimeTensor> {
  if (rows !== undefined && to - from !== rows)
    throw new LearnError("input", `onnxScorer: the model takes exactly ${rows} rows at a time.`, {
      hint: "Export it with a free batch size.",
    });
  const feeds = Object.create(null) as Record<string, RuntimeTensor>;
  for (const { name, type, columns, gap } of inputs) {
    const count = (to - from) * columns.length;
    const cell = (index: number): number | string => {
      const column = columns[index % columns.length];
      const row = from + Math.floor(index / columns.length);
      if (column.kind === "number") return column.values[row];
      const code = column.codes[row];
      if (type !== "string") return code;
      return code < 0 ? gap : column.levels[code];
    };
    feeds[name] = new Tensor(type, cells(name, type, count, cell), [to - from, columns.length]);
  }
  return feeds;
}

function cells(
  input: string,
  type: InputType,
  count: number,
  cell: (index: number) => number | string,
): Float32Array | Float64Array | Int32Array | BigInt64Array | string[] {
  const length = { length: count };
  if (type === "string") return Array.from(length, (_, index) => String(cell(index)));
  if (type === "float32") return Float32Array.from(length, (_, index) => Number(cell(index)));
  if (type === "float64") return Float64Array.from(length, (_, index) => Number(cell(index)));
  const whole = (index: number): number => {
    const value = Number(cell(index));
    if (!Number.isSafeInteger(value))
      throw new LearnError(
        "input",
        `onnxScorer: input "${input}" wants whole numbers, got ${value}.`,
      );
    return value;
  };
  if (type === "int32") return Int32Array.from(length, (_, index) => whole(index));
  return BigInt64Array.from(length, (_, index) => BigInt(whole(index)));
}
