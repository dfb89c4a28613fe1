import {
  ACT_SCALE,
  BIN_OF,
  BIN_WEIGHT,
  BY_RHYTHM,
  COUNT,
  DECAY,
  LATER,
  LEAST_SHARE,
  LOG_RATES,
  LOG_WEEK,
  OWN_KERNEL,
  PADDED,
  PULL,
  RATES,
  REACH,
  S_ACTS,
  S_ANSWERS,
  S_BINS,
  S_BY_CELL,
  S_CAME,
  S_CELLS,
  S_DOUBT,
  S_EVENTS,
  S_EXPECTED,
  S_EXPOSURE,
  S_KEPT,
  S_LISTS,
  S_MOVED,
  S_OWN,
  S_POWER,
  S_RATES,
  S_TOUCHED,
  SPREAD,
  TAP_DELAYS,
  TAPS,
  TRUST,
} from "../src/kernels/timing-layout";
import { exps2, logs2 } from "./log-exp";

/** Address of the nth list by rhythm. */
export function list(s: usize, padded: i32, nth: i32): usize {
  return s + S_LISTS + <usize>nth * ((<usize>(padded + 2)) << 3);
}

/** Log-likelihoods into list 0, levels into list 1 and their logs into list 5: the twin of `logLikelihoods` in src/timing/prior.ts. */
export function likelihoods(c: usize, s: usize): void {
  const padded = load<i32>(c + PADDED);
  const bytes = (<usize>padded) << 3;
  const logs = list(s, padded, 0);
  const levels = list(s, padded, 1);
  const levelLogs = list(s, padded, 5);
  const spread = f64x2.splat(load<f64>(c + SPREAD));
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(logs + at, f64x2.splat(0));
    v128.store(levels + at, spread);
  }
  const touched = load<i32>(s + S_TOUCHED);
  for (let index = 0; index < touched; index++) {
    const bin = <usize>load<u8>(s + S_BINS + <usize>index);
    const open = load<f64>(s + S_EXPOSURE + (bin << 3));
    const many = load<f64>(s + S_EVENTS + (bin << 3));
    if (open > 0) accumulate(levels, <usize>load<u32>(c + RATES) + bin * bytes, open, bytes);
    if (many > 0) accumulate(logs, <usize>load<u32>(c + LOG_RATES) + bin * bytes, many, bytes);
  }
  const power = f64x2.splat(load<f64>(c + SPREAD) + load<f64>(s + S_ANSWERS));
  for (let at: usize = 0; at < bytes; at += 16) {
    const level = logs2(v128.load(levels + at));
    v128.store(levelLogs + at, level);
    v128.store(logs + at, f64x2.sub(v128.load(logs + at), f64x2.mul(power, level)));
  }
  const acted = load<f64>(s + S_ACTS);
  if (!(acted > 0)) return;
  const week = <usize>load<u32>(c + LOG_WEEK);
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(
      logs + at,
      f64x2.sub(v128.load(logs + at), f64x2.mul(f64x2.splat(acted), v128.load(week + at))),
    );
}

export function accumulate(to: usize, from: usize, by: f64, bytes: usize): void {
  const factor = f64x2.splat(by);
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(factor, v128.load(from + at))));
}

/** The twin of `posterior` there: probabilities in place of log-likelihoods. */
function posterior(c: usize, s: usize, weights: usize): void {
  const padded = load<i32>(c + PADDED);
  const count = load<i32>(c + COUNT);
  const logs = list(s, padded, 0);
  let most = -Infinity;
  for (let rhythm = 0; rhythm < count; rhythm++) {
    const value = load<f64>(logs + ((<usize>rhythm) << 3));
    if (value > most) most = value;
  }
  const trust = f64x2.splat(load<f64>(c + TRUST));
  const bytes = (<usize>padded) << 3;
  for (let at: usize = 0; at < bytes; at += 16) {
    const below = f64x2.mul(trust, f64x2.sub(v128.load(logs + at), f64x2.splat(most)));
    const out = f64x2.lt(below, f64x2.splat(-12));
    if (i64x2.all_true(out)) {
      v128.store(logs + at, f64x2.splat(0));
      continue;
    }
    const part = f64x2.mul(v128.load(weights + at), exps2(below));
    v128.store(logs + at, v128.andnot(part, out));
  }
  let sum: f64 = 0;
  for (let rhythm = 0; rhythm < count; rhythm++) sum += load<f64>(logs + ((<usize>rhythm) << 3));
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(logs + at, f64x2.div(v128.load(logs + at), f64x2.splat(sum)));
}

/** What is known of the person: the twin of `look` in src/timing/person.ts. Kept shares, levels and rhythms are lists 2, 3 and 4. */
export function look(c: usize, s: usize, weights: usize): void {
  likelihoods(c, s);
  posterior(c, s, weights);
  const padded = load<i32>(c + PADDED);
  const count = load<i32>(c + COUNT);
  const logs = list(s, padded, 0);
  const totals = list(s, padded, 1);
  const shares = list(s, padded, 2);
  const levels = list(s, padded, 3);
  const rhythms = list(s, padded, 4);
  const least = load<f64>(c + LEAST_SHARE);
  const power = load<f64>(c + SPREAD) + load<f64>(s + S_ANSWERS);
  let kept = 0;
  let sum: f64 = 0;
  let alike: f64 = 0;
  for (let rhythm = 0; rhythm < count; rhythm++) {
    const at = (<usize>rhythm) << 3;
    const share = load<f64>(logs + at);
    alike += min(share, load<f64>(weights + at));
    if (share < least) continue;
    const to = (<usize>kept) << 3;
    store<i32>(rhythms + to, rhythm);
    store<f64>(shares + to, share);
    store<f64>(levels + to, load<f64>(totals + at));
    sum += share;
    kept++;
  }
  store<i32>(s + S_KEPT, kept);
  store<f64>(s + S_POWER, power);
  store<f64>(s + S_MOVED, max<f64>(0, 1 - alike));
  memory.fill(s + S_RATES, 0, 384);
  const byRhythm = <usize>load<u32>(c + BY_RHYTHM);
  for (let index = 0; index < kept; index++) {
    const at = (<usize>index) << 3;
    const share = load<f64>(shares + at) / sum;
    store<f64>(shares + at, share);
    const weight = (share * power) / load<f64>(levels + at);
    accumulate(s + S_RATES, byRhythm + <usize>load<i32>(rhythms + at) * 384, weight, 384);
  }
  if (load<f64>(c + PULL) < Infinity) correct(c, s);
}

/** The twin of `correct` there. */
function correct(c: usize, s: usize): void {
  const kernel = <usize>load<u32>(c + OWN_KERNEL);
  const acts = <usize>load<u32>(c + ACT_SCALE);
  const rates = s + S_RATES;
  memory.fill(s + S_CAME, 0, 768);
  const acted = load<f64>(s + S_ACTS);
  let week: f64 = 0;
  if (acted > 0)
    for (let at: usize = 0; at < 384; at += 8) week += load<f64>(rates + at) * load<f64>(acts + at);
  const touched = load<i32>(s + S_TOUCHED);
  for (let index = 0; index < touched; index++) {
    const bin = <i32>load<u8>(s + S_BINS + <usize>index);
    const at = (<usize>bin) << 3;
    spread(kernel, s + S_CAME, bin, load<f64>(s + S_EVENTS + at));
    spread(kernel, s + S_EXPECTED, bin, load<f64>(s + S_EXPOSURE + at) * load<f64>(rates + at));
  }
  if (acted > 0)
    for (let bin = 0; bin < 48; bin++) {
      const at = (<usize>bin) << 3;
      const value = (acted * load<f64>(rates + at) * load<f64>(acts + at)) / week;
      spread(kernel, s + S_EXPECTED, bin, value);
    }
  const pull = f64x2.splat(load<f64>(c + PULL));
  for (let at: usize = 0; at < 384; at += 16) {
    const came = f64x2.add(pull, v128.load(s + S_CAME + at));
    const own = f64x2.div(came, f64x2.add(pull, v128.load(s + S_EXPECTED + at)));
    v128.store(s + S_OWN + at, own);
    v128.store(s + S_DOUBT + at, f64x2.div(f64x2.splat(1), came));
    v128.store(rates + at, f64x2.mul(v128.load(rates + at), own));
  }
}

function spread(kernel: usize, into: usize, bin: i32, value: f64): void {
  if (value === 0) return;
  const day = bin < 24 ? 0 : 24;
  const full = load<f64>(kernel);
  for (let apart = -REACH; apart <= REACH; apart++) {
    let hour = bin - day + apart;
    if (hour < 0) hour += 24;
    else if (hour > 23) hour -= 24;
    const to = into + ((<usize>(day + hour)) << 3);
    const near = (<usize>abs(apart)) << 3;
    store<f64>(to, load<f64>(to) + (value * load<f64>(kernel + near)) / full);
  }
}

/** Hazards by week hour: the twin of the end of `look` in src/timing/answer.ts. */
export function hazards(c: usize, s: usize): void {
  const binOf = <usize>load<u32>(c + BIN_OF);
  const binWeight = <usize>load<u32>(c + BIN_WEIGHT);
  const later = load<i32>(c + LATER);
  const into = s + (later ? S_BY_CELL : S_CELLS);
  for (let cell: usize = 0; cell < 168; cell++) {
    const bin = <usize>load<u8>(binOf + cell);
    const rate = load<f64>(s + S_RATES + (bin << 3)) * load<f64>(binWeight + (cell << 3));
    store<f64>(into + (cell << 3), rate);
  }
  if (!later) return;
  // the hours after the last are the first again
  memory.copy(s + S_BY_CELL + 1344, s + S_BY_CELL, 192);
  const taps = load<i32>(c + TAPS);
  const delays = <usize>load<u32>(c + TAP_DELAYS);
  const decay = <usize>load<u32>(c + DECAY);
  // six hours at a time, summed up in registers
  for (let at: usize = 0; at < 1344; at += 48) {
    let one = f64x2.splat(0);
    let two = f64x2.splat(0);
    let three = f64x2.splat(0);
    for (let tap = 0; tap < taps; tap++) {
      const delay = (<usize>load<i32>(delays + ((<usize>tap) << 2))) << 3;
      const from = s + S_BY_CELL + at + delay;
      const share = v128.load64_splat(decay + delay);
      one = f64x2.add(one, f64x2.mul(share, v128.load(from)));
      two = f64x2.add(two, f64x2.mul(share, v128.load(from, 16)));
      three = f64x2.add(three, f64x2.mul(share, v128.load(from, 32)));
    }
    v128.store(s + S_CELLS + at, one);
    v128.store(s + S_CELLS + at, two, 16);
    v128.store(s + S_CELLS + at, three, 32);
  }
}
