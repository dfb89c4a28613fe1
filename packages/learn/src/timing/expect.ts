import { threadsFor } from "../kernels/pool.js";
import * as layout from "../kernels/timing-layout.js";
import { evenRows, timingMemory } from "../kernels/timing-memory.js";
import { digamma } from "../special/gamma.js";
import { binCount } from "./bins.js";
import type { Evidence } from "./gather.js";
import type { ActScale, Prior } from "./prior.js";

/** What people are expected to be, added up over rows. */
export interface Expected {
  readonly people: Float64Array;
  /** By bin and rhythm, as rates are: events, and what a rate of 1 would have let expect. */
  readonly above: Float64Array;
  readonly below: Float64Array;
  /** Of levels: their mean, and the mean of their logarithm. */
  readonly level: number;
  readonly logLevel: number;
}

/** Rhythms of a person less likely than `share` teach nothing; of those less likely by e to the `cut` than its likeliest it has none. */
export interface Clear {
  readonly share: number;
  readonly cut: number;
}

/** From so many rows on other threads help. */
const helpedRows = 1000;

/**
 * The expectation of EM over the first `rows` rows. Chunks of rows are summed up one by one and then in their order, so that the sums are
 * the same on any number of threads.
 */
export function expectation(
  evidence: Evidence,
  rows: number,
  prior: Prior,
  acts: ActScale,
  clear: Clear,
): Expected {
  const { count, spread } = prior;
  const sums = sumRows(evidence, rows, prior, clear);
  const lists = (nth: number, many: number): Float64Array =>
    sums.subarray(nth * count, (nth + many) * count);
  const below = lists(binCount, binCount);
  const [people, acted, levels, logs] = [96, 97, 98, 99].map((nth) => lists(nth, 1));
  let [level, logLevel] = [0, 0];
  for (let rhythm = 0; rhythm < count; rhythm++) {
    // acts could have come in any hour
    const perWeek = acted[rhythm] / Math.exp(prior.logWeek[rhythm]);
    for (let bin = 0; bin < binCount; bin++) below[bin * count + rhythm] += perWeek * acts[bin];
    level += levels[rhythm];
    logLevel -= logs[rhythm];
  }
  for (let row = 0; row < rows; row++) logLevel += digamma(spread + evidence.answers[row]);
  return {
    people,
    above: lists(0, binCount),
    below,
    level: level / rows,
    logLevel: logLevel / rows,
  };
}

/** Sums of the kernels, `SUM_LISTS × rhythms`. */
export function sumRows(
  evidence: Evidence,
  rows: number,
  prior: Prior,
  { share, cut }: Clear,
  threads = rows < helpedRows ? 1 : threadsFor(Infinity, 0),
): Float64Array {
  const memory = timingMemory();
  const { arena, context } = memory;
  const { count } = prior;
  const padded = count + (count % 2);
  const entries = evidence.offsets[rows];
  const chunks = Math.ceil(rows / layout.ROWS_STEP);
  const at = arena.take(8 * chunks * layout.SUM_LISTS * padded);
  memory.scratch(threads, padded);
  memory.words(
    new Map([
      [layout.CONTACTS, rows],
      [layout.COUNT, count],
      [layout.PADDED, padded],
      [layout.RATES, memory.doubles(evenRows(prior.rates, count, 1))],
      [layout.LOG_RATES, memory.doubles(evenRows(prior.logs, count, 0))],
      [layout.LOG_WEEK, memory.doubles(evenRows(prior.logWeek, count, 0))],
      [layout.WEIGHTS, memory.doubles(evenRows(prior.weights, count, 0))],
      [layout.E_OFFSETS, memory.integers(evidence.offsets.subarray(0, rows + 1))],
      [layout.E_BINS, memory.bytes(evidence.bins.subarray(0, entries))],
      [layout.E_EVENTS, memory.doubles(evidence.events.subarray(0, entries))],
      [layout.E_EXPOSURE, memory.doubles(evidence.exposure.subarray(0, entries))],
      [layout.E_ANSWERS, memory.doubles(evidence.answers.subarray(0, rows))],
      [layout.E_ACTS, memory.doubles(evidence.acts.subarray(0, rows))],
      [layout.E_SUMS, at],
    ]),
  );
  arena.doubles(context + layout.SPREAD, 1)[0] = prior.spread;
  arena.doubles(context + layout.LEAST_SHARE, 1)[0] = share;
  arena.doubles(context + layout.E_CUT, 1)[0] = cut;
  memory.run("expectShared", chunks, threads);

  const sums = new Float64Array(layout.SUM_LISTS * count);
  const parts = arena.doubles(at, chunks * layout.SUM_LISTS * padded);
  for (let chunk = 0; chunk < chunks; chunk++)
    for (let list = 0; list < layout.SUM_LISTS; list++) {
      const from = padded * (chunk * layout.SUM_LISTS + list);
      for (let rhythm = 0; rhythm < count; rhythm++)
        sums[list * count + rhythm] += parts[from + rhythm];
    }
  return sums;
}
