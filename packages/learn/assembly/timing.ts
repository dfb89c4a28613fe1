// The kernels of send times: from counts to everybody's best hour.
import {
  ANSWER_BYTES,
  ANSWERS,
  BIN_OF,
  COMMON,
  CONTACTS,
  CONTACTS_STEP,
  COUNT,
  EVEN_HALF,
  GLOBAL,
  GROUPS,
  HALVINGS,
  LATER,
  LEAST_EVENTS,
  LEAST_GAIN,
  OPEN,
  PADDED,
  PULL,
  S_CELLS,
  S_DOUBT,
  S_EVENT_COUNT,
  S_GAIN,
  S_KEPT,
  S_MACHINES,
  S_MOVED,
  S_OWN,
  S_POWER,
  S_SENDS,
  SENDS,
  TABLE,
  TAIL,
  TOGETHER,
  WEIGHTS,
  WIDENING,
} from "../src/kernels/timing-layout";
import { exps2, logOf } from "./log-exp";
import { expectChunk } from "./timing-expect";
import { gather } from "./timing-gather";
import { hazards, list, look } from "./timing-person";
import { enter, next, scratch } from "./timing-share";

/** Takes chunks of contacts until there are none; a thread that comes late finds another job, and leaves. */
export function answerShared(c: usize, job: i32, thread: i32): void {
  if (enter(c, job)) {
    const contacts = load<i32>(c + CONTACTS);
    const s = scratch(c, thread);
    for (let chunk = next(c); chunk >= 0; chunk = next(c)) {
      const to = min(contacts, (chunk + 1) * CONTACTS_STEP);
      for (let contact = chunk * CONTACTS_STEP; contact < to; contact++) answer(c, s, contact);
      atomic.add<i32>(c, 1, 16);
    }
  }
  atomic.sub<i32>(c, 1, 4);
}

/** The same for rows of evidence, of which each chunk is summed up on its own. */
export function expectShared(c: usize, job: i32, thread: i32): void {
  if (enter(c, job)) {
    const s = scratch(c, thread);
    for (let chunk = next(c); chunk >= 0; chunk = next(c)) {
      expectChunk(c, s, chunk);
      atomic.add<i32>(c, 1, 16);
    }
  }
  atomic.sub<i32>(c, 1, 4);
}

/** The twin of the loop of `bestTimes` in src/timing/answer.ts. */
function answer(c: usize, s: usize, contact: i32): void {
  const group = load<i32>(<usize>load<u32>(c + GROUPS) + ((<usize>contact) << 2));
  const padded = load<i32>(c + PADDED);
  gather(c, s, contact);
  look(c, s, <usize>load<u32>(c + WEIGHTS) + <usize>group * ((<usize>padded) << 3));
  hazards(c, s);
  const events = load<f64>(s + S_EVENT_COUNT);
  const global = load<i32>(c + GLOBAL);
  let reason = 0;
  if (events < load<f64>(c + LEAST_EVENTS)) {
    if (events === 0 && load<f64>(s + S_SENDS) === 0) reason = 1;
    else reason = events === 0 && load<f64>(s + S_MACHINES) > 0 ? 3 : 2;
  }
  const cells = s + S_CELLS;
  let best = reason
    ? load<i32>(<usize>load<u32>(c + COMMON) + ((<usize>group) << 2))
    : bestOf(c, cells);
  const enough = load<f64>(cells + ((<usize>global) << 3)) * (1 + load<f64>(c + LEAST_GAIN));
  if (!reason && (best === global || load<f64>(cells + ((<usize>best) << 3)) < enough)) {
    reason = 4;
    best = global;
  }
  const second = secondBest(c, cells, best);
  gain(c, s, best, global);
  const to = <usize>load<u32>(c + ANSWERS) + <usize>contact * ANSWER_BYTES;
  const power = load<f64>(s + S_POWER);
  const hazard = load<f64>(cells + ((<usize>second) << 3));
  const likely = load<f64>(s + S_GAIN);
  store<f64>(to, likely);
  store<f64>(to, min(likely, 1 - expOne(-power * logOf(1 + hazard / power))), 8);
  memory.copy(to + 16, s + S_GAIN + 8, 32);
  store<f64>(to, reason === 1 ? 0 : load<f64>(s + S_MOVED), 48);
  store<f64>(to, events, 56);
  store<u8>(to, <u8>best, 64);
  store<u8>(to, <u8>second, 65);
  store<u8>(to, <u8>reason, 66);
}

function expOne(value: f64): f64 {
  return f64x2.extract_lane(exps2(f64x2.splat(value)), 0);
}

function bestOf(c: usize, cells: usize): i32 {
  const open = <usize>load<u32>(c + OPEN);
  let best = -1;
  let most: f64 = 0;
  for (let cell = 0; cell < 168; cell++) {
    const value = load<f64>(cells + ((<usize>cell) << 3));
    if (load<u8>(open + <usize>cell) && (best < 0 || value > most)) {
      best = cell;
      most = value;
    }
  }
  return best;
}

function secondBest(c: usize, cells: usize, best: i32): i32 {
  const open = <usize>load<u32>(c + OPEN);
  const hour = best % 24;
  const weekend = best >= 120;
  let second = -1;
  let most: f64 = 0;
  for (let cell = 0; cell < 168; cell++) {
    const value = load<f64>(cells + ((<usize>cell) << 3));
    if (!load<u8>(open + <usize>cell) || (second >= 0 && value <= most)) continue;
    const turn = abs((cell % 24) - hour);
    if (cell >= 120 === weekend && min(turn, 24 - turn) < 3) continue;
    second = cell;
    most = value;
  }
  return second < 0 ? best : second;
}

/** How far the contact's own events raise or lower an hour: the twin of `own` there. */
function own(c: usize, s: usize, cell: i32): f64 {
  if (!(load<f64>(c + PULL) < Infinity)) return 1;
  if (!load<i32>(c + LATER)) {
    const bin = <usize>load<u8>(<usize>load<u32>(c + BIN_OF) + <usize>cell);
    return load<f64>(s + S_OWN + (bin << 3));
  }
  const padded = load<i32>(c + PADDED);
  const shares = list(s, padded, 2);
  const levels = list(s, padded, 3);
  const rhythms = list(s, padded, 4);
  const table = <usize>load<u32>(c + TABLE) + <usize>cell * ((<usize>load<i32>(c + COUNT)) << 3);
  const power = load<f64>(s + S_POWER);
  const kept = load<i32>(s + S_KEPT);
  let mean: f64 = 0;
  for (let index = 0; index < kept; index++) {
    const at = (<usize>index) << 3;
    const hazard = load<f64>(table + ((<usize>load<i32>(rhythms + at)) << 3));
    mean += (load<f64>(shares + at) * power * hazard) / load<f64>(levels + at);
  }
  return load<f64>(s + S_CELLS + ((<usize>cell) << 3)) / mean;
}

function doubt(c: usize, s: usize, cell: i32): f64 {
  const bin = <usize>load<u8>(<usize>load<u32>(c + BIN_OF) + <usize>cell);
  return load<f64>(c + TOGETHER) * load<f64>(s + S_DOUBT + (bin << 3));
}

/** The twin of `gainOf` in src/timing/gain.ts; lows, scales and weights are lists 5, 6 and 7. */
function gain(c: usize, s: usize, bestCell: i32, globalCell: i32): void {
  const padded = load<i32>(c + PADDED);
  const kept = load<i32>(s + S_KEPT);
  const shares = list(s, padded, 2);
  const levels = list(s, padded, 3);
  const rhythms = list(s, padded, 4);
  const lows = list(s, padded, 5);
  const scales = list(s, padded, 6);
  const weights = list(s, padded, 7);
  const bytes = (<usize>load<i32>(c + COUNT)) << 3;
  const table = <usize>load<u32>(c + TABLE) + <usize>bestCell * bytes;
  const globalTable = <usize>load<u32>(c + TABLE) + <usize>globalCell * bytes;
  const ownBest = own(c, s, bestCell);
  const ownGlobal = own(c, s, globalCell);
  const same = bestCell === globalCell;
  const doubtBest: f64 = same ? 0 : doubt(c, s, bestCell);
  const doubtGlobal: f64 = same ? 0 : doubt(c, s, globalCell);
  const sends = load<i32>(c + SENDS);
  const power = load<f64>(s + S_POWER);
  let best: f64 = 0;
  let global: f64 = 0;
  let mean: f64 = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let index = 0; index < kept; index++) {
    const at = (<usize>index) << 3;
    const rhythm = (<usize>load<i32>(rhythms + at)) << 3;
    const share = load<f64>(shares + at);
    const hazard = load<f64>(table + rhythm) * ownBest;
    const common = load<f64>(globalTable + rhythm) * ownGlobal;
    let one = hazard;
    let two = common;
    let value = hazard - common;
    let variance: f64 = 0;
    let slope = hazard;
    let commonSlope = common;
    if (sends) {
      const total = load<f64>(levels + at);
      const level = power / total;
      const apart = min(level, sqrt(power) / total);
      const few = level - apart;
      const many = level + apart;
      const pair = exps2(f64x2.replace_lane(f64x2.splat(-few * hazard), 1, -many * hazard));
      const none = f64x2.extract_lane(pair, 0);
      const noneMany = f64x2.extract_lane(pair, 1);
      if (same) {
        // the gain is 0, and nothing else is told of it
        best += share * (1 - 0.5 * (none + noneMany));
        continue;
      }
      const globalPair = exps2(f64x2.replace_lane(f64x2.splat(-few * common), 1, -many * common));
      const nobody = f64x2.extract_lane(globalPair, 0);
      const nobodyMany = f64x2.extract_lane(globalPair, 1);
      one = 1 - 0.5 * (none + noneMany);
      two = 1 - 0.5 * (nobody + nobodyMany);
      value = one - two;
      slope = 0.5 * hazard * (few * none + many * noneMany);
      commonSlope = 0.5 * common * (few * nobody + many * nobodyMany);
      const half = 0.5 * (nobodyMany - noneMany - (nobody - none));
      variance = half * half;
    }
    best += share * one;
    global += share * two;
    mean += share * value;
    variance += slope * slope * doubtBest + commonSlope * commonSlope * doubtGlobal;
    const half = EVEN_HALF * sqrt(variance) + 1e-12;
    store<f64>(lows + at, value - half);
    store<f64>(scales + at, 0.5 / half);
    store<f64>(weights + at, share);
    least = min(least, value - half);
    most = max(most, value + half);
  }
  const end = (<usize>kept) << 3;
  store<f64>(lows + end, 0);
  store<f64>(scales + end, 0);
  store<f64>(weights + end, 0);
  let low = mean;
  let high = mean;
  if (!same) {
    const widen = load<f64>(c + WIDENING);
    low = mean - (mean - quantile(lows, scales, weights, kept, TAIL, least, most)) * widen;
    high = mean + (quantile(lows, scales, weights, kept, 1 - TAIL, least, most) - mean) * widen;
  }
  store<f64>(s + S_GAIN, best);
  store<f64>(s + S_GAIN + 8, same ? best : global);
  store<f64>(s + S_GAIN + 16, mean);
  store<f64>(s + S_GAIN + 24, low);
  store<f64>(s + S_GAIN + 32, high);
}

function quantile(
  lows: usize,
  scales: usize,
  weights: usize,
  kept: i32,
  level: f64,
  least: f64,
  most: f64,
): f64 {
  let from = least;
  let to = most;
  const end = (<usize>kept) << 3;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = 0.5 * (from + to);
    let sums = f64x2.splat(0);
    for (let at: usize = 0; at < end; at += 16) {
      const place = f64x2.sub(f64x2.splat(middle), v128.load(lows + at));
      const share = f64x2.mul(place, v128.load(scales + at));
      const inside = f64x2.min(f64x2.splat(1), f64x2.max(f64x2.splat(0), share));
      sums = f64x2.add(sums, f64x2.mul(v128.load(weights + at), inside));
    }
    if (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1) < level) from = middle;
    else to = middle;
  }
  return 0.5 * (from + to);
}
