import type { BetaCalibrator } from "../calibrate/beta.js";
import type { IsotonicCalibrator } from "../calibrate/isotonic.js";
import type { PlattCalibrator } from "../calibrate/platt.js";
import type { Graph } from "./graph.js";

export type AnyCalibrator = PlattCalibrator | BetaCalibrator | IsotonicCalibrator;

/** Calibrated probabilities, double [rows, 1], of log-odds, double [rows, 1]. */
export function calibrated(graph: Graph, calibrator: AnyCalibrator, margin: string): string {
  const scalar = (value: number) => graph.doubles([value], [1, 1]);
  switch (calibrator.kind) {
    case "platt": {
      const scaled = graph.node("Mul", [margin, scalar(calibrator.slope)]);
      return graph.node("Sigmoid", [graph.node("Add", [scaled, scalar(calibrator.intercept)])]);
    }
    case "beta": {
      // ln p = min(m, 0) − s and −ln(1 − p) = max(m, 0) + s, where s = ln(1 + e^−|m|)
      const decay = graph.node("Exp", [graph.node("Neg", [graph.node("Abs", [margin])])]);
      const rest = graph.node("Log", [graph.node("Add", [decay, scalar(1)])]);
      const log = graph.node("Sub", [graph.node("Min", [margin, scalar(0)]), rest]);
      const other = graph.node("Add", [graph.node("Max", [margin, scalar(0)]), rest]);
      const left = graph.node("Mul", [log, scalar(calibrator.a)]);
      const right = graph.node("Mul", [other, scalar(calibrator.b)]);
      const sum = graph.node("Add", [graph.node("Add", [left, right]), scalar(calibrator.c)]);
      return graph.node("Sigmoid", [sum]);
    }
    case "isotonic":
      return interpolated(graph, calibrator, margin);
  }
}

/** First value + Σ rise of each piece × how far through it the score is, from 0 to 1. */
function interpolated(graph: Graph, { knots, values }: IsotonicCalibrator, margin: string): string {
  const pieces = knots.length - 1;
  const row = (entry: (piece: number) => number) =>
    graph.doubles(
      Array.from({ length: pieces }, (_, piece) => entry(piece)),
      [1, pieces],
    );
  const scalar = (value: number) => graph.doubles([value], [1, 1]);
  const first = scalar(values[0]);
  if (pieces === 0) return graph.node("Add", [graph.node("Mul", [margin, scalar(0)]), first]);
  const above = graph.node("Sub", [margin, row((piece) => knots[piece])]);
  const part = graph.node("Div", [above, row((piece) => knots[piece + 1] - knots[piece])]);
  const held = graph.node("Min", [graph.node("Max", [part, scalar(0)]), scalar(1)]);
  const rises = graph.doubles(
    Array.from({ length: pieces }, (_, piece) => values[piece + 1] - values[piece]),
    [pieces, 1],
  );
  return graph.node("Add", [graph.node("MatMul", [held, rises]), first]);
}
