import { LearnError } from "../error.js";
import { type Histories, historyOf, takeHistories } from "../recommend/histories.js";
import type { InnerModel } from "../recommend/model.js";
import type { Form } from "../recommend/ranker.js";
import { bansOf, checkedRows, openItems } from "../recommend/retrieve.js";
import type { History, RecommenderModel, RecommendOptions } from "../recommend/types.js";

/** A form that reads an input of its own. */
export type Leaf = Exclude<Form, { readonly kind: "blend" | "own" }>;

export interface RecommenderOnnxOptions {
  /** Whether factors are found inside the file, from a history, rather than fed. Defaults to false. */
  readonly foldIn?: boolean;
}

/**
 * The input that each part of a recommender reads, in order: the segments of users and their histories are the same for all parts,
 * factors and what weighs histories in its own way are numbered from the second on. Favourites without segments read nothing.
 *
 * @throws LearnError "input" for a form that cannot be written as ONNX
 */
export function inputNames(form: Form, foldIn: boolean): ReadonlyMap<Leaf, string> {
  const names = new Map<Leaf, string>();
  const taken = new Set<string>();
  const own = (wanted: string): string => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  };
  const visit = (one: Form): void => {
    if (one.kind === "blend") for (const [part] of one.parts) visit(part);
    else if (one.kind === "own")
      throw new LearnError("input", "toOnnx: a model that was imported is not written again.");
    else if (one.kind === "factors") names.set(one, foldIn ? "history" : own("factors"));
    else if (one.kind === "favourites") {
      if (one.favourites.segments.length > 0) names.set(one, "segment");
    } else names.set(one, one.weigh ? own("weighed_history") : "history");
  };
  visit(form);
  return names;
}

/** A tensor as `new Tensor(type, data, dims)` of onnxruntime takes it. */
export interface OnnxTensor {
  readonly type: "float32" | "int64" | "bool";
  readonly data: Float32Array | BigInt64Array | Uint8Array;
  readonly dims: readonly [number] | readonly [rows: number, columns: number];
}

type InputOptions = Omit<RecommendOptions, "allow" | "diversity"> & RecommenderOnnxOptions;

/**
 * What the ONNX file of a recommender is to be fed for some users, or for one history: their histories or factors (one solve each), and
 * what they must not be given. Rows are dense, as wide as there are items: give some thousands of users at a time. `foldIn` is as it
 * was when the file was written.
 *
 * @throws LearnError "input" for users that are none, or a model that `toOnnx` cannot write
 */
export async function recommenderInputs(
  model: RecommenderModel,
  who: ArrayLike<number> | History,
  options: InputOptions = {},
): Promise<Readonly<Record<string, OnnxTensor>>> {
  const { ranker, histories, itemCount, userCount, kind } = model as InnerModel;
  const isOne = "items" in who;
  const users = isOne ? Int32Array.of(0) : checkedRows(kind, "user", who, userCount);
  const own = isOne ? historyOf(kind, who, itemCount) : takeHistories(histories, users);
  const { k = 10, threads = 0, foldIn = false } = options;
  const fed: Record<string, OnnxTensor> = {
    banned: {
      type: "bool",
      data: bannedCells(own, users, options),
      dims: [users.length, itemCount],
    },
    k: { type: "int64", data: BigInt64Array.of(BigInt(k)), dims: [1] },
  };
  for (const [leaf, name] of inputNames(ranker.form, foldIn))
    fed[name] ??= await tensorOf(leaf, name, own, threads);
  return fed;
}

async function tensorOf(
  leaf: Leaf,
  name: string,
  own: Histories,
  threads: number,
): Promise<OnnxTensor> {
  const { rows, columns } = own.entries;
  if (leaf.kind === "factors" && name !== "history")
    return {
      type: "float32",
      data: await leaf.vectors(own, threads),
      dims: [rows, leaf.factors.size],
    };
  if (leaf.kind === "favourites") {
    const segments = own.segments ?? new Int32Array(rows).fill(-1);
    return { type: "int64", data: BigInt64Array.from(segments, BigInt), dims: [rows] };
  }
  const weights = (leaf.kind === "neighbours" && leaf.weigh?.(own)) || own.entries.values;
  const data = new Float32Array(rows * columns);
  eachEntry(own, (cell, at) => {
    data[cell] = weights[at];
  });
  return { type: "float32", data, dims: [rows, columns] };
}

function bannedCells(own: Histories, users: Int32Array, options: InputOptions): Uint8Array {
  const { columns } = own.entries;
  const cells = new Uint8Array(users.length * columns);
  const open = openItems(options, columns);
  const bans = bansOf("recommenderInputs", own, users, options);
  for (let row = 0; row < users.length; row++) {
    for (let at = bans.pointers[row]; at < bans.pointers[row + 1]; at++)
      cells[row * columns + bans.items[at]] = 1;
    open?.forEach((isOpen, item) => {
      if (isOpen === 0) cells[row * columns + item] = 1;
    });
  }
  return cells;
}

function eachEntry({ entries }: Histories, visit: (cell: number, at: number) => void): void {
  const { rows, columns, pointers, indices } = entries;
  for (let row = 0; row < rows; row++)
    for (let at = pointers[row]; at < pointers[row + 1]; at++)
      visit(row * columns + indices[at], at);
}
