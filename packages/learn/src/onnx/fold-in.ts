import type { Form, RidgeRule } from "../recommend/ranker.js";
import type { Graph } from "./graph.js";

type Factors = Extract<Form, { readonly kind: "factors" }>;

/** So small a residual ends the iteration, as in our kernel. */
const leastResidual = 1e-20;

/** Factors of histories, double [rows, size], from what they weigh, float [rows, items]. */
export function foldedIn(
  graph: Graph,
  { factors, foldIn }: Factors,
  history: string,
  itemCount: number,
): string {
  const { size, values } = factors;
  const weights = graph.cast(history, "double");
  if (foldIn.kind === "sum")
    return graph.node("MatMul", [weights, wide(graph, foldIn.rows, itemCount, size)]);
  const items = wide(graph, values, itemCount, size);
  const turned = graph.node("Transpose", [items], { perm: { integers: [1, 0] } });
  const square = wide(graph, foldIn.square, size, size);
  const zero = graph.doubles([0], [1]);
  const sum = (vectors: string): string =>
    graph.node("ReduceSum", [vectors, graph.integers([1], [1])]);
  const times = (one: string, other: string): string => graph.node("Mul", [one, other]);
  const plus = (one: string, other: string): string => graph.node("Add", [one, other]);
  const ridge = ridges(graph, foldIn.ridge, history, sum, itemCount);
  const apply = (vectors: string): string => {
    const seen = times(weights, graph.node("MatMul", [vectors, turned]));
    const all = plus(graph.node("MatMul", [vectors, square]), times(ridge, vectors));
    return plus(graph.node("MatMul", [seen, items]), all);
  };
  let residual = graph.node("MatMul", [weights, items]);
  let direction = residual;
  let solution = times(residual, zero);
  let before = sum(times(residual, residual));
  for (let step = 0; step < foldIn.steps; step++) {
    const goesOn = graph.node("GreaterOrEqual", [before, graph.doubles([leastResidual], [1])]);
    const share = (one: string, other: string): string =>
      graph.node("Where", [goesOn, graph.node("Div", [one, other]), zero]);
    const product = apply(direction);
    const alpha = share(before, sum(times(direction, product)));
    solution = plus(solution, times(alpha, direction));
    residual = graph.node("Sub", [residual, times(alpha, product)]);
    const after = sum(times(residual, residual));
    direction = plus(residual, times(share(after, before), direction));
    before = after;
  }
  return solution;
}

const wide = (graph: Graph, values: Float32Array, rows: number, columns: number): string =>
  graph.cast(graph.floats(values, [rows, columns]), "double");

/** Of each history, double [rows, 1]. */
function ridges(
  graph: Graph,
  { regularisation, unobserved, frequencyPower }: RidgeRule,
  history: string,
  sum: (vectors: string) => string,
  itemCount: number,
): string {
  const count = sum(graph.cast(graph.cast(history, "bool"), "double"));
  const all = graph.node("Add", [count, graph.doubles([unobserved * itemCount], [1])]);
  const grown = graph.node("Pow", [all, graph.doubles([frequencyPower], [1])]);
  return graph.node("Mul", [grown, graph.doubles([regularisation], [1])]);
}
