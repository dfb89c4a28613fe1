import { LearnError } from "../error.js";
import { type Message, message } from "./protobuf.js";

/** Numbers as in `TensorProto.DataType`. */
const types = { float: 1, int32: 6, int64: 7, text: 8, bool: 9, double: 11 };
export type TensorType = keyof typeof types;

export type Attribute =
  | { readonly integer: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly integers: Iterable<number> }
  | { readonly floats: Iterable<number> }
  | { readonly texts: readonly string[] }
  /** A tensor of one dimension. */
  | { readonly doubles: readonly number[] };

export interface GraphColumn {
  readonly name: string;
  readonly kind: "number" | "category";
}

export type Shape = readonly (number | string)[];

/** An ONNX graph as it grows. Values are known by name; every method that makes one returns its name. */
export interface Graph {
  /**
   * One input of shape [rows, 1] per column, named like it: float32 with NaN for missing numbers, text for categories. Inputs come
   * before anything else, so that no inner value takes their names.
   */
  input(column: GraphColumn): string;
  /** An input of another shape; a text stands for a size that is free. */
  tensor(name: string, type: TensorType, shape: Shape): string;
  doubles(values: Iterable<number>, shape: readonly number[]): string;
  floats(values: Iterable<number>, shape: readonly number[]): string;
  integers(values: Iterable<number>, shape: readonly number[]): string;
  /** Adds an operator; operators of `ai.onnx.ml` are told by `domain`. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    domain?: "" | "ai.onnx.ml",
  ): string;
  /** The same for an operator of two outputs. */
  pair(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
  ): readonly [first: string, second: string];
  cast(value: string, type: TensorType): string;
  /** Ends in an output of shape [rows, columns], named `name` unless a column is. */
  output(value: string, name: string, type: TensorType, columns: number | string): void;
  /** The model file. `about` says in plain text what the numbers are. */
  finish(about: string): Uint8Array;
}

/** Operator sets that onnxruntime knows since 1.15: ai.onnx 17, ai.onnx.ml 3. */
const operatorSets = [
  ["", 17],
  ["ai.onnx.ml", 3],
] as const;
const irVersion = 8;

/** ONNX takes an empty name for an input left out. */
export const inputName = (column: string): string => (column === "" ? "_" : column);

export function onnxGraph(): Graph {
  const graph = message();
  const names = new Set<string>();
  const columns: { name: string; kind: string; input: string }[] = [];
  let inputs = 0;
  const fresh = (wanted: string): string => {
    let name = wanted;
    for (let count = 2; names.has(name); count++) name = `${wanted}_${count}`;
    names.add(name);
    return name;
  };
  const inner = (): string => fresh(`value_${names.size}`);
  const initializer = (
    type: TensorType,
    shape: readonly number[],
    raw: ArrayBufferLike,
  ): string => {
    const name = inner();
    const tensor = message()
      .integers(1, shape)
      .integer(2, types[type])
      .text(8, name)
      .bytes(9, new Uint8Array(raw));
    graph.message(5, tensor);
    return name;
  };
  const valueInfo = (name: string, type: TensorType, sizes: Shape): Message => {
    const shape = message();
    for (const size of sizes)
      shape.message(
        1,
        typeof size === "number" ? message().integer(1, size) : message().text(2, size),
      );
    const tensor = message().integer(1, types[type]).message(2, shape);
    return message().text(1, name).message(2, message().message(1, tensor));
  };
  const operation = (
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = "",
  ): void => {
    const made = message();
    for (const input of inputs) made.text(1, input);
    for (const output of outputs) made.text(2, output);
    made.text(4, operator);
    for (const [name, value] of Object.entries(attributes)) made.message(5, attribute(name, value));
    if (domain !== "") made.text(7, domain);
    graph.message(1, made);
  };
  const node: Graph["node"] = (operator, inputs, attributes, domain) => {
    const output = inner();
    operation(operator, inputs, [output], attributes, domain);
    return output;
  };

  return {
    input({ name, kind }) {
      const input = fresh(inputName(name));
      columns.push({ name, kind, input });
      inputs++;
      graph.message(11, valueInfo(input, kind === "number" ? "float" : "text", ["rows", 1]));
      return input;
    },
    tensor(wanted, type, shape) {
      const input = fresh(wanted);
      inputs++;
      graph.message(11, valueInfo(input, type, shape));
      return input;
    },
    doubles: (values, shape) => initializer("double", shape, Float64Array.from(values).buffer),
    floats: (values, shape) => initializer("float", shape, Float32Array.from(values).buffer),
    integers: (values, shape) =>
      initializer("int64", shape, BigInt64Array.from(Array.from(values, BigInt)).buffer),
    node,
    pair(operator, inputs, attributes) {
      const outputs = [inner(), inner()] as const;
      operation(operator, inputs, outputs, attributes);
      return outputs;
    },
    cast: (value, type) => node("Cast", [value], { to: { integer: types[type] } }),
    output(value, wanted, type, width) {
      const name = fresh(wanted);
      operation("Identity", [value], [name]);
      graph.message(12, valueInfo(name, type, ["rows", width]));
    },
    finish(about) {
      if (inputs === 0)
        throw new LearnError("input", "toOnnx: a model without columns has no inputs.");
      const model = message()
        .integer(1, irVersion)
        .text(2, "inchworm")
        .text(6, about)
        .message(7, graph.text(2, "inchworm"))
        .message(14, message().text(1, "inchworm").text(2, JSON.stringify({ columns })));
      for (const [domain, version] of operatorSets)
        model.message(8, message().text(1, domain).integer(2, version));
      return model.finish();
    },
  };
}

/** `AttributeProto`: the value, and its type again as a number. */
function attribute(name: string, value: Attribute): Message {
  const made = message().text(1, name);
  if ("float" in value) return made.float(2, value.float).integer(20, 1);
  if ("integer" in value) return made.integer(3, value.integer).integer(20, 2);
  if ("text" in value) return made.text(4, value.text).integer(20, 3);
  if ("floats" in value) return made.floats(7, value.floats).integer(20, 6);
  if ("integers" in value) return made.integers(8, value.integers).integer(20, 7);
  if ("doubles" in value) {
    const raw = new Uint8Array(Float64Array.from(value.doubles).buffer);
    const tensor = message()
      .integers(1, [value.doubles.length])
      .integer(2, types.double)
      .bytes(9, raw);
    return made.message(5, tensor).integer(20, 4);
  }
  for (const text of value.texts) made.text(9, text);
  return made.integer(20, 8);
}
