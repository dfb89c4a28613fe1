import { LearnError } from "../error.js";
import { blendDepth, yardstick } from "../recommend/blend-ranker.js";
import type { InnerModel } from "../recommend/model.js";
import type { Form } from "../recommend/ranker.js";
import type { RecommenderModel } from "../recommend/types.js";
import { foldedIn } from "./fold-in.js";
import { type Graph, onnxGraph } from "./graph.js";
import { inputNames, type Leaf } from "./recommender-inputs.js";

/** Scores of every item, float [rows, items], and whether anything is known of it, bool, as wide or one for the row. */
interface Scored {
  readonly scores: string;
  readonly known: string;
}

/** A protobuf message has at most so many bytes; some are left for the rest of the graph. */
const mostBytes = 2 ** 31 - 2 ** 20;

/** @throws LearnError "input" for a model that is imported, or too large for the format */
export function recommenderOnnx(model: RecommenderModel, foldIn: boolean): Uint8Array {
  const { ranker, itemCount } = model as InnerModel;
  const { form } = ranker;
  const names = inputNames(form, foldIn);
  refuseLarge(model.kind, names.keys(), itemCount, foldIn);
  const graph = onnxGraph();
  const declared = new Map<string, string>();
  const read = (leaf: Leaf): string => {
    const name = names.get(leaf) ?? "";
    const input = declared.get(name) ?? inputOf(graph, leaf, name, itemCount);
    declared.set(name, input);
    return input;
  };
  for (const leaf of names.keys()) read(leaf);
  const banned = graph.tensor("banned", "bool", ["rows", itemCount]);
  const k = graph.tensor("k", "int64", [1]);
  const may = graph.node("Not", [banned]);
  const nothing = graph.floats([-Infinity], [1]);
  const items = graph.integers([itemCount], [1]);

  /** The best items of each row: float and int64, [rows, least of k and items]. */
  const best = ({ scores, known }: Scored, count: string): readonly [string, string] => {
    const open = graph.node("And", [may, known]);
    const masked = graph.node("Where", [open, scores, nothing]);
    return graph.pair("TopK", [masked, graph.node("Min", [count, items])]);
  };
  const exists = (values: string): string => graph.node("Greater", [values, nothing]);

  const scored = (one: Form, count: string): Scored => {
    if (one.kind === "blend") return blended(one.parts, count);
    // `inputNames` has refused all others
    const leaf = one as Leaf;
    if (leaf.kind === "factors") {
      const input = read(leaf);
      return byFactors(
        graph,
        leaf,
        foldIn ? graph.cast(foldedIn(graph, leaf, input, itemCount), "float") : input,
        itemCount,
      );
    }
    if (leaf.kind === "neighbours") return byNeighbours(graph, leaf, read(leaf), itemCount);
    const isSame = leaf.favourites.segments.length === 0;
    return byFavourites(graph, leaf, isSame ? undefined : read(leaf), itemCount);
  };

  /** As `blendRanker` adds lists up, in double precision. */
  function blended(parts: Extract<Form, { kind: "blend" }>["parts"], count: string): Scored {
    const twice = graph.node("Mul", [count, graph.integers([2], [1])]);
    const depth = graph.node("Max", [twice, graph.integers([blendDepth], [1])]);
    const zero = graph.doubles([0], [1]);
    const shape = graph.node("Shape", [banned]);
    const empty = graph.node("Expand", [zero, shape]);
    const unlisted = graph.cast(empty, "bool");
    const columns = graph.integers([1], [1]);
    const slice = (values: string, from: number, to: number): string =>
      graph.node("Slice", [
        values,
        graph.integers([from], [1]),
        graph.integers([to], [1]),
        columns,
      ]);
    const sum = (values: string): string => graph.node("ReduceSum", [values, columns]);
    const totals: string[] = [];
    const listed: string[] = [];
    for (const [part, weight] of parts) {
      const [values, places] = best(scored(part, depth), depth);
      const there = exists(values);
      const scores = graph.node("Where", [there, graph.cast(values, "double"), zero]);
      const found = graph.node("Min", [
        sum(graph.cast(there, "double")),
        graph.doubles([yardstick], [1]),
      ]);
      const mean = graph.node("Div", [sum(slice(scores, 0, yardstick)), found]);
      const unit = graph.node("Where", [
        graph.node("Greater", [mean, zero]),
        graph.node("Div", [graph.doubles([1], [1]), mean]),
        zero,
      ]);
      const measured = graph.node("Mul", [scores, unit]);
      // only a list that is full says of the rest that they are no better than its last
      const isFull = graph.node("And", [
        graph.node("LessOrEqual", [depth, items]),
        slice(there, -1, 2 ** 31),
      ]);
      const last = graph.node("Max", [slice(measured, -1, 2 ** 31), zero]);
      const floor = graph.node("Where", [isFull, last, zero]);
      const share = graph.doubles([weight], [1]);
      const gains = graph.node("Where", [
        there,
        graph.node("Mul", [share, graph.node("Sub", [measured, floor])]),
        zero,
      ]);
      const axis = { axis: { integer: 1 } };
      const spread = graph.node("ScatterElements", [empty, places, gains], axis);
      totals.push(graph.node("Add", [spread, graph.node("Mul", [share, floor])]));
      listed.push(graph.node("ScatterElements", [unlisted, places, there], axis));
    }
    const joined = (operator: "Add" | "Or", values: readonly string[]): string =>
      values.reduce((one, other) => graph.node(operator, [one, other]));
    return { scores: graph.cast(joined("Add", totals), "float"), known: joined("Or", listed) };
  }

  const [scores, places] = best(scored(form, graph.node("Min", [k, items])), k);
  const there = exists(scores);
  graph.output(
    graph.node("Where", [there, places, graph.integers([-1], [1])]),
    "items",
    "int64",
    "listed",
  );
  graph.output(
    graph.node("Where", [there, scores, graph.floats([0], [1])]),
    "scores",
    "float",
    "listed",
  );
  return graph.finish("Numbers of the best items for each row, best first, and their scores.");
}

function inputOf(graph: Graph, leaf: Leaf, name: string, itemCount: number): string {
  if (leaf.kind === "favourites") return graph.tensor(name, "int64", ["rows"]);
  const width = leaf.kind === "factors" && name !== "history" ? leaf.factors.size : itemCount;
  return graph.tensor(name, "float", ["rows", width]);
}

/** Factors of zeros know nothing. */
function byFactors(
  graph: Graph,
  { factors }: Extract<Form, { kind: "factors" }>,
  vectors: string,
  itemCount: number,
): Scored {
  const { size, values } = factors;
  const turned = new Float32Array(values.length);
  for (let item = 0; item < itemCount; item++)
    for (let axis = 0; axis < size; axis++)
      turned[axis * itemCount + item] = values[item * size + axis];
  const largest = graph.node("ReduceMax", [graph.node("Abs", [vectors])], {
    axes: { integers: [1] },
  });
  return {
    scores: graph.node("MatMul", [vectors, graph.floats(turned, [size, itemCount])]),
    known: graph.node("Greater", [largest, graph.floats([0], [1])]),
  };
}

/** Sums in double precision, as ours are; items that nothing leads to are not known. */
function byNeighbours(
  graph: Graph,
  { entries }: Extract<Form, { kind: "neighbours" }>,
  history: string,
  itemCount: number,
): Scored {
  const { pointers, indices, values } = entries;
  const cells = new Float32Array(itemCount * itemCount);
  for (let row = 0; row < itemCount; row++)
    for (let at = pointers[row]; at < pointers[row + 1]; at++)
      cells[row * itemCount + indices[at]] = values[at];
  const matrix = graph.floats(cells, [itemCount, itemCount]);
  const wide = graph.node("MatMul", [graph.cast(history, "double"), graph.cast(matrix, "double")]);
  const scores = graph.cast(wide, "float");
  if (values.every((value) => value > 0))
    return { scores, known: graph.node("Greater", [wide, graph.doubles([0], [1])]) };
  const links = (one: string): string => graph.cast(graph.cast(one, "bool"), "float");
  const count = graph.node("MatMul", [links(history), links(matrix)]);
  return { scores, known: graph.node("Greater", [count, graph.floats([0.5], [1])]) };
}

/** A segment that has no favourites of its own, such as -1, has those of all. */
function byFavourites(
  graph: Graph,
  { favourites }: Extract<Form, { kind: "favourites" }>,
  segment: string | undefined,
  itemCount: number,
): Scored {
  const { all, segments } = favourites;
  const known = graph.cast(graph.integers([1], [1]), "bool");
  if (segment === undefined) return { scores: graph.floats(all, [1, itemCount]), known };
  const rows = [...segments, all];
  const cells = new Float32Array(rows.length * itemCount);
  rows.forEach((row, at) => {
    cells.set(row, at * itemCount);
  });
  const others = graph.integers([segments.length], [1]);
  const isOwn = graph.node("And", [
    graph.node("Less", [segment, others]),
    graph.node("GreaterOrEqual", [segment, graph.integers([0], [1])]),
  ]);
  const chosen = graph.node("Where", [isOwn, segment, others]);
  const scores = graph.node("Gather", [graph.floats(cells, [rows.length, itemCount]), chosen]);
  return { scores, known };
}

function refuseLarge(
  kind: string,
  leaves: Iterable<Leaf>,
  itemCount: number,
  foldIn: boolean,
): void {
  let bytes = 0;
  for (const leaf of leaves) {
    if (leaf.kind === "neighbours") bytes += 4 * itemCount ** 2;
    if (leaf.kind === "factors") bytes += (foldIn ? 8 : 4) * itemCount * leaf.factors.size;
    if (leaf.kind === "favourites") bytes += 4 * itemCount * (leaf.favourites.segments.length + 1);
  }
  if (bytes <= mostBytes) return;
  throw new LearnError(
    "input",
    `toOnnx: this ${kind} of ${itemCount} items would be a file of ${(bytes / 2 ** 30).toFixed(1)} GB, and ONNX holds 2.`,
    { hint: "Write a model of factors (ials, spectral), or leave out rare items." },
  );
}
