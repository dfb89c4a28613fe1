import { logConstants } from "../cluster/em.js";
import type { KmeansModel } from "../cluster/kmeans.js";
import type { GaussianMixtureModel } from "../cluster/mixture.js";
import type { Axis } from "../cluster/points.js";
import { sideBySide } from "./columns.js";
import type { Graph } from "./graph.js";

/** Standardised coordinates, double [rows, axes]; 0 where a value is missing. */
function points(graph: Graph, axes: readonly Axis[]): string {
  const row = (values: number[]) => graph.doubles(values, [1, values.length]);
  const inputs = axes.map(({ name }) => graph.input({ name, kind: "number" }));
  const values = graph.cast(sideBySide(graph, inputs), "double");
  const centred = graph.node("Sub", [values, row(axes.map(({ center }) => center))]);
  const scaled = graph.node("Mul", [centred, row(axes.map(({ inverseScale }) => inverseScale))]);
  return graph.node("Where", [graph.node("IsNaN", [scaled]), row([0]), scaled]);
}

/** Number of the nearest centre: the least |c|² − 2 x·c. */
export function kmeansGraph(graph: Graph, { axes, standardCenters, clusters }: KmeansModel): void {
  const size = axes.length;
  const x = points(graph, axes);
  const squares = Array.from({ length: clusters }, (_, cluster) =>
    standardCenters
      .subarray(cluster * size, (cluster + 1) * size)
      .reduce((sum, coordinate) => sum + coordinate * coordinate, 0),
  );
  const minusTwice = turned(standardCenters, size, (coordinate) => -2 * coordinate);
  const products = graph.node("MatMul", [x, graph.doubles(minusTwice, [size, clusters])]);
  const costs = graph.node("Add", [products, graph.doubles(squares, [1, clusters])]);
  const nearest = graph.node("ArgMin", [costs], { axis: { integer: 1 }, keepdims: { integer: 1 } });
  graph.output(nearest, "cluster", "int64", 1);
}

/** Responsibilities by a softmax over log share + log density, which is linear in x and x². */
export function mixtureGraph(graph: Graph, model: GaussianMixtureModel): void {
  const { axes, clusters, shares, standardCenters: means, standardVariances: variances } = model;
  const size = axes.length;
  const x = points(graph, axes);
  const constants = logConstants({ shares, means, variances }, size).map((constant, cluster) => {
    for (let at = cluster * size; at < (cluster + 1) * size; at++)
      constant -= means[at] ** 2 / variances[at] / 2;
    return constant;
  });
  const matrix = (of: (at: number) => number) =>
    graph.doubles(
      turned(means, size, (_, at) => of(at)),
      [size, clusters],
    );
  const linear = graph.node("MatMul", [x, matrix((at) => means[at] / variances[at])]);
  const squared = graph.node("MatMul", [
    graph.node("Mul", [x, x]),
    matrix((at) => -1 / variances[at] / 2),
  ]);
  // a cluster without a share has log share −∞; a number far below any other keeps the softmax free of NaN
  const held = constants.map((constant) => Math.max(constant, -1e30));
  const logs = graph.node("Add", [
    graph.node("Add", [linear, squared]),
    graph.doubles(held, [1, clusters]),
  ]);
  const shared = graph.node("Softmax", [logs], { axis: { integer: 1 } });
  graph.output(graph.cast(shared, "float"), "probabilities", "float", clusters);
  const likeliest = graph.node("ArgMax", [logs], {
    axis: { integer: 1 },
    keepdims: { integer: 1 },
  });
  graph.output(likeliest, "cluster", "int64", 1);
}

/** A row-major clusters × axes matrix as axes × clusters. */
function turned(
  matrix: Float64Array,
  size: number,
  of: (coordinate: number, at: number) => number,
): Float64Array {
  const clusters = matrix.length / size;
  const result = new Float64Array(matrix.length);
  for (let cluster = 0; cluster < clusters; cluster++)
    for (let axis = 0; axis < size; axis++) {
      const at = cluster * size + axis;
      result[axis * clusters + cluster] = of(matrix[at], at);
    }
  return result;
}
