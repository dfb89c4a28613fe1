import {
  ACT_CELLS,
  ACT_COUNTS,
  ACT_KINDS,
  ACT_OFFSETS,
  ACT_WEIGHTS,
  ANSWER_WEIGHTS,
  BIN_OF,
  BIN_WEIGHT,
  DECAY,
  LATER,
  PARTIAL,
  S_ACTS,
  S_ANSWERS,
  S_BINS,
  S_EVENT_COUNT,
  S_EVENTS,
  S_EXPOSURE,
  S_MACHINES,
  S_SEEN,
  S_SENDS,
  S_TOUCHED,
  SEND_CELLS,
  SEND_COUNTS,
  SEND_DELAYS,
  SEND_OFFSETS,
  SEND_REACTIONS,
  TAP_DELAYS,
  TAPS,
  USUAL,
} from "../src/kernels/timing-layout";

/** What one contact did and had the chance to do, by bin: the twin of `gatherer` in src/timing/gather.ts. */
export function gather(c: usize, s: usize, contact: i32): void {
  memory.fill(s + S_EVENTS, 0, 768);
  memory.fill(s + S_SEEN, 0, 64);
  store<i32>(s + S_TOUCHED, 0);
  memory.fill(s + S_ANSWERS, 0, 40);
  const at = (<usize>contact) << 2;
  const sends = <usize>load<u32>(c + SEND_OFFSETS);
  if (sends !== 0) gatherSends(c, s, load<i32>(sends + at), load<i32>(sends + at, 4));
  const acts = <usize>load<u32>(c + ACT_OFFSETS);
  if (acts !== 0) gatherActs(c, s, load<i32>(acts + at), load<i32>(acts + at, 4));
}

function touch(s: usize, bin: i32): void {
  const seen = s + S_SEEN + <usize>bin;
  if (load<u8>(seen)) return;
  store<u8>(seen, 1);
  const touched = load<i32>(s + S_TOUCHED);
  store<u8>(s + S_BINS + <usize>touched, <u8>bin);
  store<i32>(s + S_TOUCHED, touched + 1);
}

function add(to: usize, value: f64): void {
  store<f64>(to, load<f64>(to) + value);
}

function gatherSends(c: usize, s: usize, from: i32, to: i32): void {
  const cells = <usize>load<u32>(c + SEND_CELLS);
  const reactions = <usize>load<u32>(c + SEND_REACTIONS);
  const delays = <usize>load<u32>(c + SEND_DELAYS);
  const counts = <usize>load<u32>(c + SEND_COUNTS);
  const binOf = <usize>load<u32>(c + BIN_OF);
  const binWeight = <usize>load<u32>(c + BIN_WEIGHT);
  const partial = <usize>load<u32>(c + PARTIAL);
  const weights = <usize>load<u32>(c + ANSWER_WEIGHTS);
  const usual = load<i32>(c + USUAL);
  const later = load<i32>(c + LATER);
  for (let entry = from; entry < to; entry++) {
    const cell = <i32>load<u8>(cells + <usize>entry);
    const kind = <i32>load<u8>(reactions + <usize>entry);
    const count: f64 = counts !== 0 ? load<f64>(counts + ((<usize>entry) << 3)) : 1;
    const reacted = kind >= 2;
    let delay = <i32>load<u8>(delays + <usize>entry);
    if (delay === 255) delay = reacted ? usual : 24;
    add(s + S_SENDS, count);
    if (reacted) {
      const there = later ? (cell + delay) % 168 : cell;
      const bin = <i32>load<u8>(binOf + <usize>there);
      touch(s, bin);
      add(s + S_EVENTS + ((<usize>bin) << 3), count * load<f64>(weights + ((<usize>kind) << 3)));
      add(s + S_ANSWERS, count);
      add(s + S_EVENT_COUNT, count);
    } else if (kind === 1) add(s + S_MACHINES, count);
    if (later) addLater(c, s, cell, reacted, delay, count);
    else {
      const bin = <i32>load<u8>(binOf + <usize>cell);
      touch(s, bin);
      const share: f64 = reacted ? 0.5 : load<f64>(partial + ((<usize>delay) << 3));
      add(
        s + S_EXPOSURE + ((<usize>bin) << 3),
        count * load<f64>(binWeight + ((<usize>cell) << 3)) * share,
      );
    }
  }
}

function addLater(c: usize, s: usize, cell: i32, reacted: bool, until: i32, count: f64): void {
  const taps = load<i32>(c + TAPS);
  const list = <usize>load<u32>(c + TAP_DELAYS);
  const decay = <usize>load<u32>(c + DECAY);
  const binOf = <usize>load<u32>(c + BIN_OF);
  const binWeight = <usize>load<u32>(c + BIN_WEIGHT);
  for (let tap = 0; tap < taps; tap++) {
    const delay = load<i32>(list + ((<usize>tap) << 2));
    if (delay > until) break;
    const half = delay === until && (reacted || until < 24);
    const there = cell + delay < 168 ? cell + delay : cell + delay - 168;
    const bin = <i32>load<u8>(binOf + <usize>there);
    touch(s, bin);
    const share: f64 = half ? 0.5 : 1;
    add(
      s + S_EXPOSURE + ((<usize>bin) << 3),
      count *
        load<f64>(decay + ((<usize>delay) << 3)) *
        load<f64>(binWeight + ((<usize>there) << 3)) *
        share,
    );
  }
}

function gatherActs(c: usize, s: usize, from: i32, to: i32): void {
  const cells = <usize>load<u32>(c + ACT_CELLS);
  const kinds = <usize>load<u32>(c + ACT_KINDS);
  const counts = <usize>load<u32>(c + ACT_COUNTS);
  const binOf = <usize>load<u32>(c + BIN_OF);
  const weights = <usize>load<u32>(c + ACT_WEIGHTS);
  for (let entry = from; entry < to; entry++) {
    const kind = <i32>load<u8>(kinds + <usize>entry);
    if (kind < 2) continue;
    const count: f64 = counts !== 0 ? load<f64>(counts + ((<usize>entry) << 3)) : 1;
    const weight = count * load<f64>(weights + ((<usize>kind) << 3));
    const bin = <i32>load<u8>(binOf + <usize>load<u8>(cells + <usize>entry));
    touch(s, bin);
    add(s + S_EVENTS + ((<usize>bin) << 3), weight);
    add(s + S_ACTS, weight);
    add(s + S_EVENT_COUNT, count);
  }
}
