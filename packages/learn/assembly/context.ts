import {
  BARRIER,
  BINS,
  CELL,
  FEATURES,
  LEAF_BYTES,
  LEAVES,
  MAX_LEAVES,
  NODE_BYTES,
  NODES,
  OBJECTIVE,
  POISSON,
  SPLIT_BYTES,
  SPLITS,
  SQUARED_ERROR,
  THREADS,
} from "../src/kernels/layout";
import { wait } from "./threads";

export function field(ctx: usize, offset: usize): usize {
  return <usize>load<i32>(ctx + offset);
}

export function leafOf(ctx: usize, thread: i32, leaf: i32): usize {
  return (
    field(ctx, LEAVES) +
    (<usize>thread * <usize>load<i32>(ctx + MAX_LEAVES) + <usize>leaf) * LEAF_BYTES
  );
}

export function nodeOf(ctx: usize, node: i32): usize {
  return field(ctx, NODES) + <usize>node * NODE_BYTES;
}

export function splitOf(ctx: usize, side: i32, feature: i32): usize {
  return field(ctx, SPLITS) + <usize>(side * load<i32>(ctx + FEATURES) + feature) * SPLIT_BYTES;
}

export function histogramBytes(ctx: usize): usize {
  return <usize>load<i32>(ctx + FEATURES) * BINS * CELL;
}

/** Waits for all threads. */
export function stop(ctx: usize): void {
  wait(field(ctx, BARRIER), load<i32>(ctx + THREADS));
}

/** The scale of the gradients is known beforehand, as they have bounds. */
export function isScaled(ctx: usize): bool {
  const objective = load<i32>(ctx + OBJECTIVE);
  return objective !== SQUARED_ERROR && objective !== POISSON;
}
