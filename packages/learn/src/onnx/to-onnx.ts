import type { KmeansModel } from "../cluster/kmeans.js";
import type { GaussianMixtureModel } from "../cluster/mixture.js";
import { LearnError } from "../error.js";
import type { LogisticModel } from "../linear/additive.js";
import { kmeansGraph, mixtureGraph } from "./clusters.js";
import { type Graph, onnxGraph } from "./graph.js";
import { logisticMargin } from "./logistic.js";

/** A model that `toOnnx` can write. */
export type ExportedModel = LogisticModel | KmeansModel | GaussianMixtureModel;

/**
 * The model as an ONNX file. It has one input of shape [rows, 1] per column, named like it: float32 with NaN for missing numbers;
 * text for categories, where any text that is no level of the model, such as the empty one, is missing. A classifier has one
 * output of shape [rows, 1], the "probability", within 1e-6 of `predict`. Clusters have "cluster", int64 of shape [rows, 1], and
 * mixtures also "probabilities" of shape [rows, clusters].
 *
 * @throws LearnError "input" for a model of another kind
 */
export function toOnnx(model: ExportedModel): Uint8Array {
  const graph = onnxGraph();
  switch (model.kind) {
    case "logistic-regression": {
      const inputs = model.terms.map((term) => graph.input(term));
      return probability(graph, graph.node("Sigmoid", [logisticMargin(graph, model, inputs)]));
    }
    case "kmeans":
      kmeansGraph(graph, model);
      return graph.finish("Number of the nearest cluster, one per row.");
    case "gaussian-mixture":
      mixtureGraph(graph, model);
      return graph.finish("Number of the likeliest cluster, and the probability of each.");
    default: {
      const { kind } = model as { kind?: unknown };
      throw new LearnError("input", `toOnnx: cannot write a model of kind "${String(kind)}".`);
    }
  }
}

function probability(graph: Graph, value: string): Uint8Array {
  graph.output(graph.cast(value, "float"), "probability", "float", 1);
  return graph.finish("Probability of the outcome labelled 1, one per row.");
}
