import { BINS, CELL, JOINT_CELLS, MISSING } from "../src/kernels/layout";

// Features with few bins stand in bundles: one joint histogram of all their combinations takes one addition where each alone would
// take one, and its margins are their histograms, exactly, as sums of whole numbers are. The last of a member's cells is "missing".

function add4(bins: usize, stride: usize, gradients: usize, count: i32, joint: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  let gh: i64;
  while (gradients + 8 < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = joint + ((<usize>load<u16>(bins, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 8192) + gh, 8192);
    cell = joint + ((<usize>load<u16>(bins, 6)) << 3);
    store<i64>(cell, load<i64>(cell, 12288) + gh, 12288);
    bins += stride;
    gh = load<i64>(gradients, 8);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = joint + ((<usize>load<u16>(bins, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 8192) + gh, 8192);
    cell = joint + ((<usize>load<u16>(bins, 6)) << 3);
    store<i64>(cell, load<i64>(cell, 12288) + gh, 12288);
    bins += stride;
    gradients += 16;
  }
  if (gradients < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = joint + ((<usize>load<u16>(bins, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 8192) + gh, 8192);
    cell = joint + ((<usize>load<u16>(bins, 6)) << 3);
    store<i64>(cell, load<i64>(cell, 12288) + gh, 12288);
  }
}

function add3(bins: usize, stride: usize, gradients: usize, count: i32, joint: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  let gh: i64;
  while (gradients + 8 < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = joint + ((<usize>load<u16>(bins, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 8192) + gh, 8192);
    bins += stride;
    gh = load<i64>(gradients, 8);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = joint + ((<usize>load<u16>(bins, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 8192) + gh, 8192);
    bins += stride;
    gradients += 16;
  }
  if (gradients < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = joint + ((<usize>load<u16>(bins, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 8192) + gh, 8192);
  }
}

function add2(bins: usize, stride: usize, gradients: usize, count: i32, joint: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  let gh: i64;
  while (gradients + 24 < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    bins += stride;
    gh = load<i64>(gradients, 8);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    bins += stride;
    gh = load<i64>(gradients, 16);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    bins += stride;
    gh = load<i64>(gradients, 24);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    bins += stride;
    gradients += 32;
  }
  while (gradients < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = joint + ((<usize>load<u16>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    bins += stride;
    gradients += 8;
  }
}

function add1(bins: usize, stride: usize, gradients: usize, count: i32, joint: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  let gh: i64;
  while (gradients + 24 < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gh = load<i64>(gradients, 8);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gh = load<i64>(gradients, 16);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gh = load<i64>(gradients, 24);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gradients += 32;
  }
  while (gradients < end) {
    gh = load<i64>(gradients);
    cell = joint + ((<usize>load<u16>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gradients += 8;
  }
}

/** Adds `count` consecutive rows to the joint histograms of `bundles` bundles. */
export function addJoints(
  bins: usize,
  stride: usize,
  gradients: usize,
  count: i32,
  joint: usize,
  bundles: i32,
): void {
  let bundle: usize = 0;
  for (; <i32>bundle + 4 <= bundles; bundle += 4) {
    add4(bins + bundle * 2, stride, gradients, count, joint + bundle * JOINT_CELLS * CELL);
  }
  const at = bins + bundle * 2;
  const target = joint + bundle * JOINT_CELLS * CELL;
  const rest = bundles & 3;
  if (rest === 3) add3(at, stride, gradients, count, target);
  else if (rest === 2) add2(at, stride, gradients, count, target);
  else if (rest === 1) add1(at, stride, gradients, count, target);
}

/** Adds the margins of joint histograms to the histograms of their features, which stand in the order of the table of bundles. */
export function spreadJoints(table: usize, bundles: i32, joint: usize, histogram: usize): void {
  for (let bundle = 0; bundle < bundles; bundle++) {
    const cells = load<i32>(table);
    const members = load<i32>(table, 4);
    table += 8;
    let step = 1;
    for (let member = 0; member < members; member++) {
      const own = load<i32>(table);
      spread(joint, cells, step, own, histogram);
      step *= own;
      table += 4;
      histogram += BINS * CELL;
    }
    joint += JOINT_CELLS * CELL;
  }
}

/** The margin of a member with `own` cells: the combinations that share its bin b are runs of `step`, one every `step` × `own`. */
function spread(joint: usize, cells: i32, step: i32, own: i32, histogram: usize): void {
  for (let bin = 0; bin < own; bin++) {
    let sum: i64 = 0;
    for (let run = bin * step; run < cells; run += step * own) {
      for (let at = run; at < run + step; at++) sum += load<i64>(joint + ((<usize>at) << 3));
    }
    const place = bin + 1 === own ? MISSING : bin;
    store<i64>(histogram + ((<usize>place) << 3), sum);
  }
}
