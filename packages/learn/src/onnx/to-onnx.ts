import type { BinaryClassifierModel } from "../classifier/model.js";
import type { KmeansModel } from "../cluster/kmeans.js";
import type { GaussianMixtureModel } from "../cluster/mixture.js";
import { LearnError } from "../error.js";
import type { LogisticModel } from "../linear/additive.js";
import type { RecommenderModel } from "../recommend/types.js";
import type { SegmentationModel } from "../segment/model.js";
import type { BoostingModel } from "../tree/model.js";
import type { MulticlassModel } from "../tree/multiclass-boosting.js";
import { calibrated } from "./calibrator.js";
import { kmeansGraph, mixtureGraph, segmentationGraph } from "./clusters.js";
import { forestMargin } from "./forest.js";
import { type Graph, onnxGraph } from "./graph.js";
import { logisticMargin } from "./logistic.js";
import { recommenderOnnx } from "./recommender.js";
import type { RecommenderOnnxOptions } from "./recommender-inputs.js";

/** A model that `toOnnx` can write. */
export type ExportedModel =
  | LogisticModel
  | BoostingModel
  | MulticlassModel
  | BinaryClassifierModel
  | KmeansModel
  | GaussianMixtureModel
  | SegmentationModel;

const isRecommender = (model: ExportedModel | RecommenderModel): model is RecommenderModel =>
  "ranker" in model;

/**
 * The model as an ONNX file, within 1e-6 of the model itself (of its largest, for predictions that are no probabilities).
 *
 * It has one input of shape [rows, 1] per column, named like it: float32 with NaN for missing numbers; text for categories, where
 * any text that is no level of the model, such as the empty one, is missing. Outputs: "probability" of shape [rows, 1] for a
 * classifier of two classes, "prediction" of shape [rows, 1] for boosted trees of another objective, "probabilities" of shape
 * [rows, classes] for several classes and for mixtures, "cluster" (int64, [rows, 1]) for clusters,
 * and "segment" (its id, int64, [rows, 1]) beside it for segments.
 *
 * A recommender is fed what `recommenderInputs` makes of users or a history: "history" (float32, [rows, items], what each weighs), or
 * "factors" of a model of factors (its history, with `foldIn`: then the file stands alone), "segment" of popularity where people have segments, those of all its
 * parts of a blend; "banned" (bool, [rows, items]) and "k"
 * (int64, [1]). Outputs: "items" (int64) and "scores", both [rows, least of k and items], -1 behind the last: what the model itself
 * gives, in the same order, with scores within 1e-5, but for popular items put behind a list that is short.
 *
 * @throws LearnError "input" for a model of another kind, or one that is too large for the format
 */
export function toOnnx(
  model: ExportedModel | RecommenderModel,
  { foldIn = false }: RecommenderOnnxOptions = {},
): Uint8Array {
  if (isRecommender(model)) return recommenderOnnx(model, foldIn);
  const graph = onnxGraph();
  switch (model.kind) {
    case "logistic-regression":
      return probability(graph, graph.node("Sigmoid", [learnerMargin(graph, model)]));
    case "gradient-boosting": {
      const margin = learnerMargin(graph, model);
      if (model.objective === "binary") return probability(graph, graph.node("Sigmoid", [margin]));
      const linked = model.objective === "poisson" ? graph.node("Exp", [margin]) : margin;
      graph.output(graph.cast(linked, "float"), "prediction", "float", 1);
      return graph.finish("Predicted number, one per row.");
    }
    case "binary-classifier": {
      const margin = learnerMargin(graph, model.learner);
      const { calibrator } = model;
      return probability(
        graph,
        calibrator ? calibrated(graph, calibrator, margin) : graph.node("Sigmoid", [margin]),
      );
    }
    case "multiclass-boosting": {
      const inputs = model.forests[0].columns.map((column) => graph.input(column));
      const margins = model.forests.map((forest) => forestMargin(graph, forest, inputs));
      const joined = graph.node("Concat", margins, { axis: { integer: 1 } });
      const shares = graph.node("Softmax", [joined], { axis: { integer: 1 } });
      graph.output(graph.cast(shares, "float"), "probabilities", "float", model.classes);
      return graph.finish("Probability of each class.");
    }
    case "kmeans":
      kmeansGraph(graph, model);
      return graph.finish("Number of the nearest cluster, one per row.");
    case "gaussian-mixture":
      mixtureGraph(graph, model);
      return graph.finish("Number of the likeliest cluster, and the probability of each.");
    case "segmentation":
      segmentationGraph(graph, model);
      return graph.finish("Id of the segment, and its number in the model, one per row.");
    default: {
      const { kind } = model as { kind?: unknown };
      throw new LearnError("input", `toOnnx: cannot write a model of kind "${String(kind)}".`);
    }
  }
}

function learnerMargin(graph: Graph, learner: LogisticModel | BoostingModel): string {
  if (learner.kind === "logistic-regression")
    return logisticMargin(
      graph,
      learner,
      learner.terms.map((term) => graph.input(term)),
    );
  const { forest } = learner;
  return forestMargin(
    graph,
    forest,
    forest.columns.map((column) => graph.input(column)),
  );
}

function probability(graph: Graph, value: string): Uint8Array {
  graph.output(graph.cast(value, "float"), "probability", "float", 1);
  return graph.finish("Probability of the outcome labelled 1, one per row.");
}
