import type { Graph } from "./graph.js";

/**
 * Number of the level of a category input, int64 [rows, 1]; `levels.length` for what is missing or not known. The input is text:
 * a text that is no level, such as the empty one, is missing.
 */
export function levelNumber(graph: Graph, input: string, levels: readonly string[]): string {
  if (levels.length === 0) {
    const shape = graph.node("Shape", [input]);
    return graph.node("Expand", [graph.integers([0], [1]), shape]);
  }
  return graph.node(
    "LabelEncoder",
    [input],
    {
      keys_strings: { texts: levels },
      values_int64s: { integers: levels.keys() },
      default_int64: { integer: levels.length },
    },
    "ai.onnx.ml",
  );
}

/** Inputs of shape [rows, 1] side by side: [rows, inputs]. */
export function sideBySide(graph: Graph, inputs: readonly string[]): string {
  return inputs.length === 1 ? inputs[0] : graph.node("Concat", inputs, { axis: { integer: 1 } });
}
