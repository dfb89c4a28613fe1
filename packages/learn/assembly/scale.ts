import {
  BLOCK,
  BLOCK_SUMS,
  GRADIENT_SCALE,
  GRADIENTS,
  HESSIAN_SCALE,
  ROWS,
  THREADS,
} from "../src/kernels/layout";
import { field, stop } from "./context";
import { blockGradients, blockPack, blockProbabilities } from "./gradients";

/** Softmax of all margins, before the round's first tree changes one of them. */
export function probabilities(ctx: usize, thread: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const step = load<i32>(ctx + THREADS) * BLOCK;
  for (let from = thread * BLOCK; from < rows; from += step) {
    blockProbabilities(ctx, from, min(from + BLOCK, (rows + 3) & ~3));
  }
}

/** Gradients that have no bounds: floats first, then, when their sums are known, whole numbers. */
export function prepareGradients(ctx: usize, thread: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const threads = load<i32>(ctx + THREADS);
  for (let from = thread * BLOCK; from < rows; from += threads * BLOCK) {
    const target = field(ctx, GRADIENTS) + ((<usize>from) << 3);
    blockGradients(ctx, from, min(from + BLOCK, (rows + 3) & ~3), target, false);
  }
  stop(ctx);
  if (thread === 0) chooseScale(ctx, rows);
  stop(ctx);
  for (let from = thread * BLOCK; from < rows; from += threads * BLOCK) {
    blockPack(ctx, from, min(from + BLOCK, (rows + 3) & ~3));
  }
}

/** The finest scale at which no sum can leave its 32 bits. */
function chooseScale(ctx: usize, rows: i32): void {
  const sums = field(ctx, BLOCK_SUMS);
  let g: f64 = 0;
  let h: f64 = 0;
  for (let block = 0; block * BLOCK < rows; block++) {
    g += load<f64>(sums + ((<usize>block) << 4));
    h += load<f64>(sums + ((<usize>block) << 4), 8);
  }
  const room: f64 = 2147000000 - 2 * <f64>rows;
  store<f64>(ctx + GRADIENT_SCALE, <f64>(<f32>(g > 0 ? room / g : 1)));
  store<f64>(ctx + HESSIAN_SCALE, <f64>(<f32>(h > 0 ? room / h : 1)));
}
