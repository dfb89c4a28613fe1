import { BLOCK, STAGE } from "../src/kernels/layout";
import { transposeBlock } from "./bins";

/**
 * Copies bins from one column per feature to one record per row: this thread's blocks of all `rows`, a multiple of 16. `columns`
 * holds the addresses of the features' bins, those of bundles first. The first `start` bytes of a record are
 * left to gradients. `scratch` has room for a table of `bytes` addresses and
 * 2 × STAGE bytes for each bundle.
 */
export function packRecords(
  columns: usize,
  table: usize,
  bundles: i32,
  bundled: i32,
  start: i32,
  bytes: i32,
  out: usize,
  stride: usize,
  rows: i32,
  scratch: usize,
  thread: i32,
  threads: i32,
): void {
  const joined = scratch + ((((<usize>bytes) << 2) + 15) & ~15);
  const singles = columns + ((<usize>bundled) << 2);
  const addresses = scratch + ((<usize>start) << 2);
  // what goes to the start is no matter, as long as it can be read
  memory.copy(scratch, columns, (<usize>start) << 2);
  memory.copy(
    addresses + ((<usize>bundles) << 3),
    singles,
    (<usize>(bytes - start - 2 * bundles)) << 2,
  );
  for (let block = thread * BLOCK; block < rows; block += threads * BLOCK) {
    const end = min(block + BLOCK, rows);
    for (let from = block; from < end; from += STAGE) {
      const size = min(STAGE, end - from);
      joinBundles(columns, table, bundles, from, size, addresses, joined);
      transposeBlock(scratch, bytes, out, stride, from, from + size);
    }
  }
}

/** Numbers the combinations of each bundle's bins, lower bytes and upper bytes apart, and notes where they stand. */
function joinBundles(
  columns: usize,
  table: usize,
  bundles: i32,
  from: i32,
  size: i32,
  addresses: usize,
  joined: usize,
): void {
  for (let bundle = 0; bundle < bundles; bundle++) {
    const members = load<i32>(table, 4);
    table += 8;
    for (let row = 0; row < size; row += 16) {
      let low = i16x8.splat(0);
      let high = low;
      let step: i16 = 1;
      for (let member: usize = 0; member < <usize>members; member++) {
        const own = load<i32>(table + (member << 2));
        const column = <usize>load<u32>(columns + (member << 2));
        const bins = i8x16.min_u(
          v128.load(column + <usize>(from + row)),
          i8x16.splat(<i8>(own - 1)),
        );
        const times = i16x8.splat(step);
        low = i16x8.add(low, i16x8.mul(i16x8.extend_low_i8x16_u(bins), times));
        high = i16x8.add(high, i16x8.mul(i16x8.extend_high_i8x16_u(bins), times));
        step *= <i16>own;
      }
      const at = joined + <usize>row;
      const byte = i16x8.splat(0xff);
      v128.store(at, i8x16.narrow_i16x8_u(v128.and(low, byte), v128.and(high, byte)));
      v128.store(at + STAGE, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
    }
    store<u32>(addresses, <u32>(joined - <usize>from));
    store<u32>(addresses, <u32>(joined + STAGE - <usize>from), 4);
    addresses += 8;
    joined += 2 * STAGE;
    table += (<usize>members) << 2;
    columns += (<usize>members) << 2;
  }
}
