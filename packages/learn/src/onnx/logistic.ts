import type { LogisticModel, Term } from "../linear/additive.js";
import { levelNumber, sideBySide } from "./columns.js";
import type { Graph } from "./graph.js";

type NumberTerm = Extract<Term, { kind: "number" }>;

/** Log-odds of a logistic model, double [rows, 1]. `inputs` are the columns of the model's terms, in their order. */
export function logisticMargin(
  graph: Graph,
  { base, terms }: Pick<LogisticModel, "base" | "terms">,
  inputs: readonly string[],
): string {
  const numbers: { term: NumberTerm; input: string }[] = [];
  const parts: string[] = [];
  terms.forEach((term, index) => {
    if (term.kind === "number") numbers.push({ term, input: inputs[index] });
    else {
      const effects = [...term.effects, term.missing];
      const level = levelNumber(graph, inputs[index], term.levels);
      parts.push(graph.node("Gather", [graph.doubles(effects, [effects.length]), level]));
    }
  });
  if (numbers.length > 0) parts.push(numberEffects(graph, numbers));
  return parts.reduce((sum, part) => graph.node("Add", [sum, part]), graph.doubles([base], [1, 1]));
}

/** All numbers at once: `present + slope × (value − center)` or `missing`, then the bends, summed over the columns. */
function numberEffects(
  graph: Graph,
  numbers: readonly { readonly term: NumberTerm; readonly input: string }[],
): string {
  const terms = numbers.map(({ term }) => term);
  const row = (values: number[]) => graph.doubles(values, [1, values.length]);
  const sum = (matrix: string, width: number) =>
    graph.node("MatMul", [matrix, graph.doubles(Array(width).fill(1), [width, 1])]);

  const values = graph.cast(
    sideBySide(
      graph,
      numbers.map(({ input }) => input),
    ),
    "double",
  );
  const gone = graph.node("IsNaN", [values]);
  const centred = graph.node("Sub", [values, row(terms.map(({ center }) => center))]);
  const sloped = graph.node("Mul", [centred, row(terms.map(({ slope }) => slope))]);
  const there = graph.node("Add", [sloped, row(terms.map(({ present }) => present))]);
  const straight = graph.node("Where", [gone, row(terms.map(({ missing }) => missing)), there]);
  const straightSum = sum(straight, terms.length);

  const bends = terms.flatMap(({ knots, bends }, column) =>
    Array.from(knots, (knot, index) => ({ column, knot, bend: bends[index] })),
  );
  if (bends.length === 0) return straightSum;
  const copies = graph.integers(
    bends.map(({ column }) => column),
    [bends.length],
  );
  const copied = graph.node("Gather", [values, copies], { axis: { integer: 1 } });
  const above = graph.node("Sub", [copied, row(bends.map(({ knot }) => knot))]);
  const bent = graph.node("Mul", [
    graph.node("Max", [above, graph.doubles([0], [1, 1])]),
    row(bends.map(({ bend }) => bend)),
  ]);
  const known = graph.node("Where", [
    graph.node("IsNaN", [bent]),
    graph.doubles([0], [1, 1]),
    bent,
  ]);
  return graph.node("Add", [straightSum, sum(known, bends.length)]);
}
