import type { Allowance, InchwormError, Lane } from "@inchworm/spec";
import { aborted, type Sleep } from "./sleep.js";

export interface LimiterOptions {
  readonly now: () => number;
  readonly sleep: Sleep;
  /** A pause longer than this fails those who wait instead of holding them. */
  readonly maxWaitMs: number;
  /** Called when the allowance turns out to be shared with others, or no longer. */
  readonly onShared?: (others: number) => void;
}

/** One request on its way. */
export interface Ticket {
  readonly start: number;
}

export interface Limiter {
  /** Requests and window as now known. */
  readonly allowance: { readonly requests: number; readonly perMs: number };
  /** Waits, first come first served, until a request may start. */
  acquire(signal?: AbortSignal): Promise<Ticket>;
  /** The request of this ticket has its answer, or never gets one. */
  release(ticket: Ticket): void;
  /** Nobody starts for `ms`: the vendor said no, for everybody. */
  pause(ms: number, error: InchwormError): void;
  observe(allowance: Allowance): void;
}

interface Waiter {
  start(ticket: Ticket): void;
  fail(error: unknown): void;
}

// clocks count whole milliseconds, ours and the vendor's
const tick = 1;
/** Share of the allowance given up for one window after the vendor refused although we were within it. */
const yielded = 0.1;

/**
 * Keeps a lane's promise to the vendor: never more than `requests` in any `perMs`, at the server.
 *
 * A request counts from its start until `perMs` after its *answer*, because the server has counted it by the time it answers.
 * Of any `requests + 1` starts, one is therefore answered at least `perMs` before the last begins, so no rolling (or fixed)
 * window of the server ever holds them all, whatever the latencies. The price is one latency per window, not a safety margin.
 */
export function limiter(lane: Lane, options: LimiterOptions): Limiter {
  const { now, sleep, maxWaitMs, onShared } = options;
  const { concurrency } = lane;
  let { requests, perMs } = lane;
  const flying = new Set<Ticket>();
  const queue: Waiter[] = [];
  /** Times of answers, ascending; `answers[first]` is the oldest kept. */
  let answers: number[] = [];
  let first = 0;
  let pausedUntil = 0;
  let pausedBy: InchwormError | undefined;
  /** How many requests of others the vendor counted, and when we learned it; each is believed for one window. */
  let others: { at: number; count: number }[] = [];
  let announced = 0;
  let alarm: AbortController | undefined;

  const answeredAfter = (time: number): number => {
    let low = first;
    let high = answers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (answers[middle] > time) high = middle;
      else low = middle + 1;
    }
    return answers.length - low;
  };

  const oldestStart = (): number => {
    // a Set keeps the order of insertion, which is the order of starts
    for (const ticket of flying) return ticket.start;
    return now();
  };

  const forget = (): void => {
    const horizon = oldestStart() - perMs - tick;
    while (first < answers.length && answers[first] <= horizon) first++;
    if (first > 1024 && first * 2 > answers.length) {
      answers = answers.slice(first);
      first = 0;
    }
  };

  const capacity = (time: number): number => {
    others = others.filter((seen) => seen.at > time - perMs);
    const count = others.reduce((most, seen) => Math.max(most, seen.count), 0);
    if (count !== announced) {
      announced = count;
      onShared?.(count);
    }
    return Math.max(1, requests - count);
  };

  const noteOthers = (count: number): void => {
    const at = now();
    // a smaller and older count can never decide again
    others = others.filter((seen) => seen.count > count);
    if (count > 0) others.push({ at, count: Math.min(count, requests) });
  };

  /** Milliseconds until the next request may start; Infinity when only an answer can tell. */
  const delay = (time: number): number => {
    if (pausedUntil > time) return pausedUntil - time;
    if (flying.size >= concurrency) return Number.POSITIVE_INFINITY;
    const room = capacity(time);
    const recent = answeredAfter(time - perMs - tick);
    const excess = flying.size + recent - room;
    if (excess < 0) return 0;
    const believed = others.length > 0 ? others[0].at + perMs - time : Number.POSITIVE_INFINITY;
    if (excess >= recent) return believed;
    const leaves = answers[answers.length - recent + excess] + perMs + tick;
    return Math.min(believed, leaves - time);
  };

  const pump = (): void => {
    alarm?.abort();
    alarm = undefined;
    for (;;) {
      if (queue.length === 0) return;
      const time = now();
      if (pausedUntil - time > maxWaitMs) {
        for (const waiter of queue.splice(0)) waiter.fail(pausedBy);
        return;
      }
      const wait = delay(time);
      if (wait === Number.POSITIVE_INFINITY) return;
      if (wait > 0) {
        const controller = new AbortController();
        alarm = controller;
        sleep(Math.max(wait, 0.5), controller.signal).then(
          () => {
            if (alarm === controller) pump();
          },
          () => {},
        );
        return;
      }
      const ticket: Ticket = { start: time };
      flying.add(ticket);
      queue.shift()?.start(ticket);
    }
  };

  return {
    get allowance() {
      return { requests, perMs };
    },

    acquire: (signal) =>
      new Promise((resolve, reject) => {
        const leave = () => signal?.removeEventListener("abort", onAbort);
        const waiter: Waiter = {
          start: (ticket) => {
            leave();
            resolve(ticket);
          },
          fail: (error) => {
            leave();
            reject(error);
          },
        };
        const onAbort = () => {
          queue.splice(queue.indexOf(waiter), 1);
          waiter.fail(aborted());
          pump();
        };
        if (signal?.aborted) return reject(aborted());
        signal?.addEventListener("abort", onAbort);
        queue.push(waiter);
        pump();
      }),

    release(ticket) {
      if (!flying.delete(ticket)) return;
      answers.push(now());
      forget();
      pump();
    },

    pause(ms, error) {
      const until = now() + ms;
      if (until > pausedUntil) {
        pausedUntil = until;
        pausedBy = error;
      }
      if (error.code === "rate-limit") {
        const share = announced + Math.ceil(requests * yielded);
        noteOthers(Math.min(share, Math.floor(requests / 2)));
      }
      pump();
    },

    observe(allowance) {
      if (allowance.requests !== undefined && allowance.requests >= 1)
        requests = Math.floor(allowance.requests);
      if (allowance.perMs !== undefined && allowance.perMs > 0) perMs = allowance.perMs;
      if (allowance.remaining !== undefined && allowance.remaining >= 0) {
        const used = requests - allowance.remaining;
        const time = now();
        // the answer may be of any request on its way: whatever it may have counted could be ours
        const atMost = flying.size + answeredAfter(oldestStart() - perMs - tick);
        // and it most likely left the server half a latency ago
        const likely = 1 + answeredAfter(time - perMs);
        noteOthers(used > atMost ? used - Math.min(likely, atMost) : 0);
      }
      pump();
    },
  };
}
