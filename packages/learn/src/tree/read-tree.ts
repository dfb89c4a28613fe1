import * as layout from "../kernels/layout.js";
import type { Feature } from "./encode.js";
import { emptyNodes, type Tree } from "./forest.js";

const largestFloat = 3.4028234663852886e38;

/** A tree as the kernels left it, in terms of the table's columns and values instead of bins. */
export function readTree(bytes: Uint8Array, features: readonly Feature[], scale: number): Tree {
  const count = bytes.byteLength / layout.NODE_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nodes = emptyNodes(count);
  const sets: Uint8Array[] = [];
  for (let node = 0; node < count; node++) {
    const at = node * layout.NODE_BYTES;
    const word = (offset: number): number => view.getInt32(at + offset, true);
    const double = (offset: number): number => view.getFloat64(at + offset, true);
    const place = word(layout.NODE_FEATURE);
    nodes.rows[node] = word(layout.NODE_ROWS);
    if (place < 0) {
      nodes.value[node] = Math.fround(double(layout.NODE_VALUE) * scale);
      continue;
    }
    const feature = features[place];
    const flags = word(layout.NODE_FLAGS);
    nodes.feature[node] = feature.column;
    nodes.left[node] = word(layout.NODE_LEFT);
    nodes.right[node] = word(layout.NODE_RIGHT);
    nodes.gain[node] = double(layout.NODE_GAIN) * scale * scale;
    let missingLeft = (flags & layout.MISSING_LEFT) !== 0;
    if (feature.kind === "category") {
      const set = new Uint8Array(layout.BINS);
      for (let bin = 0; bin < layout.BINS; bin++)
        set[bin] = (bytes[at + layout.NODE_SET + (bin >> 3)] >> (bin & 7)) & 1;
      missingLeft = set[layout.MISSING] === 1;
      nodes.set[node] = sets.length;
      sets.push(set);
    } else {
      const bin = word(layout.NODE_BIN);
      // beyond the last threshold: every value goes left, only what is missing goes right
      nodes.threshold[node] =
        bin < feature.thresholds.length ? feature.thresholds[bin] : largestFloat;
    }
    nodes.missing[node] = missingLeft ? nodes.left[node] : nodes.right[node];
  }
  return { ...nodes, sets };
}
