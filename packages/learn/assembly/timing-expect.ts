import {
  CONTACTS,
  COUNT,
  E_ACTS,
  E_ANSWERS,
  E_BINS,
  E_CUT,
  E_EVENTS,
  E_EXPOSURE,
  E_OFFSETS,
  E_SUMS,
  LEAST_SHARE,
  PADDED,
  ROWS_STEP,
  S_ACTS,
  S_ANSWERS,
  S_BINS,
  S_EVENTS,
  S_EXPOSURE,
  S_TOUCHED,
  SPREAD,
  SUM_LISTS,
  WEIGHTS,
} from "../src/kernels/timing-layout";
import { exps2 } from "./log-exp";
import { accumulate, likelihoods, list } from "./timing-person";

/** Adds up what a chunk of rows is likely to be: the twin of `expectChunk` in src/kernels/expect.twin.ts. */
export function expectChunk(c: usize, s: usize, chunk: i32): void {
  const bytes = (<usize>load<i32>(c + PADDED)) << 3;
  const sums = <usize>load<u32>(c + E_SUMS) + <usize>chunk * SUM_LISTS * bytes;
  memory.fill(sums, 0, SUM_LISTS * bytes);
  const to = min(load<i32>(c + CONTACTS), (chunk + 1) * ROWS_STEP);
  for (let row = chunk * ROWS_STEP; row < to; row++) {
    read(c, s, row);
    likelihoods(c, s);
    share(c, s);
    sum(c, s, sums, bytes);
  }
}

/** Puts a row's evidence where a contact's is gathered. */
function read(c: usize, s: usize, row: i32): void {
  const at = (<usize>row) << 2;
  const offsets = <usize>load<u32>(c + E_OFFSETS);
  const from = load<i32>(offsets + at);
  const touched = load<i32>(offsets + at, 4) - from;
  const bins = <usize>load<u32>(c + E_BINS) + <usize>from;
  const events = <usize>load<u32>(c + E_EVENTS) + ((<usize>from) << 3);
  const exposure = <usize>load<u32>(c + E_EXPOSURE) + ((<usize>from) << 3);
  store<i32>(s + S_TOUCHED, touched);
  for (let index: usize = 0; index < <usize>touched; index++) {
    const bin = load<u8>(bins + index);
    const to = (<usize>bin) << 3;
    store<u8>(s + S_BINS + index, bin);
    store<f64>(s + S_EVENTS + to, load<f64>(events + (index << 3)));
    store<f64>(s + S_EXPOSURE + to, load<f64>(exposure + (index << 3)));
  }
  const wide = (<usize>row) << 3;
  store<f64>(s + S_ANSWERS, load<f64>(<usize>load<u32>(c + E_ANSWERS) + wide));
  store<f64>(s + S_ACTS, load<f64>(<usize>load<u32>(c + E_ACTS) + wide));
}

/** Probabilities in place of log-likelihoods, in list 0. */
function share(c: usize, s: usize): void {
  const padded = load<i32>(c + PADDED);
  const count = (<usize>load<i32>(c + COUNT)) << 3;
  const bytes = (<usize>padded) << 3;
  const weights = <usize>load<u32>(c + WEIGHTS);
  const logs = list(s, padded, 0);
  let most = -Infinity;
  for (let at: usize = 0; at < count; at += 8) {
    const value = load<f64>(logs + at);
    if (value > most) most = value;
  }
  const cut = f64x2.splat(load<f64>(c + E_CUT));
  for (let at: usize = 0; at < bytes; at += 16) {
    const below = f64x2.sub(v128.load(logs + at), f64x2.splat(most));
    const part = f64x2.mul(v128.load(weights + at), exps2(below));
    v128.store(logs + at, v128.andnot(part, f64x2.lt(below, cut)));
  }
  let sum: f64 = 0;
  for (let at: usize = 0; at < count; at += 8) sum += load<f64>(logs + at);
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(logs + at, f64x2.div(v128.load(logs + at), f64x2.splat(sum)));
}

function sum(c: usize, s: usize, sums: usize, bytes: usize): void {
  const padded = load<i32>(c + PADDED);
  const shares = list(s, padded, 0);
  const levels = list(s, padded, 1);
  const levelLogs = list(s, padded, 5);
  const clear = list(s, padded, 2);
  const own = list(s, padded, 3);
  const people = sums + 96 * bytes;
  const acts = people + bytes;
  const least = f64x2.splat(load<f64>(c + LEAST_SHARE));
  const power = f64x2.splat(load<f64>(c + SPREAD) + load<f64>(s + S_ANSWERS));
  for (let at: usize = 0; at < bytes; at += 16) {
    const share = v128.load(shares + at);
    const level = f64x2.div(f64x2.mul(share, power), v128.load(levels + at));
    const unclear = f64x2.lt(share, least);
    v128.store(clear + at, v128.andnot(share, unclear));
    v128.store(own + at, v128.andnot(level, unclear));
    add(people + at, share);
    add(people + 2 * bytes + at, level);
    add(people + 3 * bytes + at, f64x2.mul(share, v128.load(levelLogs + at)));
  }
  const acted = load<f64>(s + S_ACTS);
  if (acted > 0) accumulate(acts, clear, acted, bytes);
  const touched = load<i32>(s + S_TOUCHED);
  for (let index = 0; index < touched; index++) {
    const bin = <usize>load<u8>(s + S_BINS + <usize>index);
    const many = load<f64>(s + S_EVENTS + (bin << 3));
    const open = load<f64>(s + S_EXPOSURE + (bin << 3));
    if (many > 0) accumulate(sums + bin * bytes, clear, many, bytes);
    if (open > 0) accumulate(sums + (48 + bin) * bytes, own, open, bytes);
  }
}

function add(to: usize, value: v128): void {
  v128.store(to, f64x2.add(v128.load(to), value));
}
