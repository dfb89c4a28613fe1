import { logConstants } from "../cluster/em.js";
import type { KmeansModel } from "../cluster/kmeans.js";
import type { GaussianMixtureModel } from "../cluster/mixture.js";
import type { Axis } from "../cluster/points.js";
import type { SegmentationModel } from "../segment/model.js";
import type { Shape } from "../segment/shape.js";
import { sideBySide } from "./columns.js";
import type { Graph } from "./graph.js";

/** The columns side by side, double [rows, columns]. */
function numbers(graph: Graph, columns: readonly { readonly name: string }[]): string {
  const inputs = columns.map(({ name }) => graph.input({ name, kind: "number" }));
  return graph.cast(sideBySide(graph, inputs), "double");
}

const row = (graph: Graph, values: number[]): string => graph.doubles(values, [1, values.length]);

/** Standardised coordinates of such values; 0 where a value is missing. */
function points(graph: Graph, axes: readonly Axis[], values: string): string {
  const centred = graph.node("Sub", [
    values,
    row(
      graph,
      axes.map(({ center }) => center),
    ),
  ]);
  const scales = row(
    graph,
    axes.map(({ inverseScale }) => inverseScale),
  );
  const scaled = graph.node("Mul", [centred, scales]);
  return graph.node("Where", [graph.node("IsNaN", [scaled]), row(graph, [0]), scaled]);
}

/** Values within their bounds, and the logarithm where a column has an offset; rounded to single precision as the model does. */
function tamed(graph: Graph, shapes: readonly Shape[], values: string): string {
  const of = (value: (shape: Shape) => number) => row(graph, shapes.map(value));
  const above = graph.node("Max", [values, of(({ low }) => low)]);
  const within = graph.node("Min", [above, of(({ high }) => high)]);
  const offsets = of(({ low, offset }) => offset ?? 1 - low);
  const logged = graph.node("Log", [graph.node("Add", [within, offsets])]);
  const isLogged = graph.node("Greater", [
    of(({ offset }) => (offset === undefined ? 0 : 1)),
    row(graph, [0.5]),
  ]);
  const chosen = graph.node("Where", [isLogged, logged, within]);
  const kept = graph.node("Where", [graph.node("IsNaN", [values]), values, chosen]);
  return graph.cast(graph.cast(kept, "float"), "double");
}

/** The cluster of each row as the groups number it, and as people know it. */
export function segmentationGraph(graph: Graph, model: SegmentationModel): void {
  const { groups, segments, shapes } = model;
  const values = tamed(graph, shapes, numbers(graph, shapes));
  const cluster =
    groups.kind === "kmeans"
      ? nearest(graph, groups, values)
      : likeliest(graph, groups, values).cluster;
  const ids = graph.integers(
    segments.map(({ id }) => id),
    [segments.length],
  );
  graph.output(graph.node("Gather", [ids, cluster]), "segment", "int64", 1);
  graph.output(cluster, "cluster", "int64", 1);
}

/** Number of the nearest centre: the least |c|² − 2 x·c. */
export function kmeansGraph(graph: Graph, model: KmeansModel): void {
  graph.output(nearest(graph, model, numbers(graph, model.axes)), "cluster", "int64", 1);
}

function nearest(
  graph: Graph,
  { axes, standardCenters, clusters }: KmeansModel,
  values: string,
): string {
  const size = axes.length;
  const x = points(graph, axes, values);
  const squares = Array.from({ length: clusters }, (_, cluster) =>
    standardCenters
      .subarray(cluster * size, (cluster + 1) * size)
      .reduce((sum, coordinate) => sum + coordinate * coordinate, 0),
  );
  const minusTwice = turned(standardCenters, size, (coordinate) => -2 * coordinate);
  const products = graph.node("MatMul", [x, graph.doubles(minusTwice, [size, clusters])]);
  const costs = graph.node("Add", [products, graph.doubles(squares, [1, clusters])]);
  return graph.node("ArgMin", [costs], { axis: { integer: 1 }, keepdims: { integer: 1 } });
}

/** Responsibilities by a softmax over log share + log density, which is linear in x and x². */
export function mixtureGraph(graph: Graph, model: GaussianMixtureModel): void {
  const { shared, cluster } = likeliest(graph, model, numbers(graph, model.axes));
  graph.output(graph.cast(shared, "float"), "probabilities", "float", model.clusters);
  graph.output(cluster, "cluster", "int64", 1);
}

function likeliest(graph: Graph, model: GaussianMixtureModel, values: string) {
  const { axes, clusters, shares, standardCenters: means, standardVariances: variances } = model;
  const size = axes.length;
  const x = points(graph, axes, values);
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
  const cluster = graph.node("ArgMax", [logs], { axis: { integer: 1 }, keepdims: { integer: 1 } });
  return { shared, cluster };
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
