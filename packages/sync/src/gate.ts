import { type Account, type Allowance, type Gate, InchwormError, type Lane } from "@inchworm/spec";
import { type DailyAllowance, dailyAllowance } from "./daily.js";
import { type Limiter, limiter } from "./limiter.js";
import { aborted, pause, type Sleep, sleep, throwIfAborted } from "./sleep.js";

export interface GateOptions {
  /** Milliseconds that only ever rise. Defaults to `performance.now`. */
  readonly now?: () => number;
  /** Defaults to a timer. */
  readonly sleep?: Sleep;
  /** Seed of the back-off's jitter. Defaults to a random one. */
  readonly seed?: number;
  /** How often a request is sent at most. Defaults to 6. */
  readonly attempts?: number;
  /** How long one request waits between its attempts at most, all taken together. Defaults to 5 minutes. */
  readonly maxWaitMs?: number;
  /** A call without an end after this long has failed with "network". Defaults to 60 seconds. */
  readonly timeoutMs?: number;
  /** Share of a lane's daily allowance that may be used, by everybody together. Defaults to 0.8. */
  readonly dailyShare?: number;
  /** Must not throw. */
  readonly onEvent?: (event: GateEvent) => void;
}

/** What a gate does besides letting requests through. */
export type GateEvent =
  | {
      readonly kind: "retry";
      readonly lane: string;
      readonly label: string;
      readonly code: InchwormError["code"];
      /** The attempt that failed, from 1. */
      readonly attempt: number;
      readonly waitMs: number;
    }
  /** The vendor asked everybody to wait. */
  | { readonly kind: "pause"; readonly lane: string; readonly waitMs: number }
  /** The vendor's numbers differ from what was known. */
  | {
      readonly kind: "allowance";
      readonly lane: string;
      readonly requests: number;
      readonly perMs: number;
    }
  /** Others use this many requests of each window; 0 once they have stopped. */
  | { readonly kind: "shared"; readonly lane: string; readonly others: number };

export interface GateStats {
  /** Requests sent, retries included. */
  readonly requests: number;
  readonly retries: number;
  /** Answers that said "too many requests". */
  readonly rateLimited: number;
  /** Waiting for room and between attempts, summed over requests. */
  readonly waitedMs: number;
  /** The vendor's last word on what is left of the day; the least of the lanes. */
  readonly dailyRemaining?: number;
}

export interface AccountGate extends Gate {
  stats(): GateStats;
}

const defaults = {
  now: () => performance.now(),
  sleep,
  attempts: 6,
  maxWaitMs: 300_000,
  timeoutMs: 60_000,
  dailyShare: 0.8,
} satisfies GateOptions;

/**
 * Full-jitter back-off: uniform below `base × 2^(attempt − 1)`, at most `cap`. Marc Brooker, "Exponential Backoff And Jitter",
 * AWS 2015. After a refusal the base is at least this share of the lane's window, so that the attempts outlast one window.
 */
const backoff = { base: 500, cap: 30_000, windowShare: 0.1 };

/** Attempts while the account has never answered: a wrong address or no network is told within seconds. */
const attemptsUnheard = 3;

/**
 * The gate of one account: everything that talks to the account in this process must share it.
 *
 * Each lane is kept to its allowance exactly, not roughly: no request can exceed the vendor's window unless others use the same
 * allowance, which is noticed and made room for. "rate-limit" failures pause the whole lane and are tried again; "server" and
 * "network" only where the request is repeatable; anything else is the caller's at once.
 *
 * @throws InchwormError "config" when a lane's numbers or an option cannot be; from `request`, "quota" once the share of the day is used
 */
export function accountGate(account: Account, options: GateOptions = {}): AccountGate {
  const settings = { ...defaults, ...options };
  const { now, onEvent } = settings;
  requireAtLeast("attempts", settings.attempts, 1);
  requireAtLeast("maxWaitMs", settings.maxWaitMs, 0);
  requireAtLeast("timeoutMs", settings.timeoutMs, 1);
  if (!(settings.dailyShare > 0 && settings.dailyShare <= 1))
    throw new InchwormError(
      "config",
      `accountGate: "dailyShare" must be above 0 and at most 1, got ${settings.dailyShare}.`,
    );
  const random = mulberry32(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const lanes = new Map<string, { limiter: Limiter; daily: DailyAllowance }>();
  for (const [name, lane] of Object.entries(account.lanes)) {
    checkLane(account.system, name, lane);
    lanes.set(name, {
      limiter: limiter(lane, {
        now,
        sleep: settings.sleep,
        maxWaitMs: settings.maxWaitMs,
        onShared: (others) => onEvent?.({ kind: "shared", lane: name, others }),
      }),
      daily: dailyAllowance(account.system, lane.daily, settings.dailyShare, now),
    });
  }
  let heard = false;
  const counted = { requests: 0, retries: 0, rateLimited: 0, waitedMs: 0 };

  const laneOf = (name: string) => {
    const lane = lanes.get(name);
    if (lane) return lane;
    throw new InchwormError("internal", `The account ${account.system} has no lane "${name}".`);
  };

  return {
    async request(request, call) {
      const { signal, label } = request;
      const lane = laneOf(request.lane);
      let waited = 0;
      for (let attempt = 1; ; attempt++) {
        throwIfAborted(signal);
        const refusal = lane.daily.refusal();
        if (refusal) throw refusal;
        const queued = now();
        const ticket = await lane.limiter.acquire(signal);
        counted.waitedMs += now() - queued;
        counted.requests++;
        lane.daily.count();
        let failure: unknown;
        try {
          const answer = await once(call, signal, settings.timeoutMs, label);
          heard = true;
          return answer;
        } catch (error) {
          failure = error;
        } finally {
          lane.limiter.release(ticket);
        }
        if (!InchwormError.is(failure)) throw failure;
        const { code } = failure;
        heard ||= code !== "network";
        const attempts = heard ? settings.attempts : Math.min(attemptsUnheard, settings.attempts);
        if (code === "quota") lane.daily.exhausted();
        if (code === "rate-limit") counted.rateLimited++;
        const helps =
          code === "rate-limit" ||
          (request.repeatable && (code === "server" || code === "network"));
        if (!helps && failure.retryAfterMs === undefined) throw failure;

        const window = code === "rate-limit" ? lane.limiter.allowance.perMs : 0;
        const base = Math.max(backoff.base, window * backoff.windowShare);
        const waitMs =
          failure.retryAfterMs ?? random() * Math.min(backoff.cap, base * 2 ** (attempt - 1));
        const everybody = code === "rate-limit" || failure.retryAfterMs !== undefined;
        if (everybody) {
          onEvent?.({ kind: "pause", lane: request.lane, waitMs });
          lane.limiter.pause(waitMs, failure);
        }
        waited += waitMs;
        if (!helps || attempt >= attempts || waited > settings.maxWaitMs) throw failure;
        counted.retries++;
        onEvent?.({ kind: "retry", lane: request.lane, label, code, attempt, waitMs });
        if (!everybody) {
          counted.waitedMs += waitMs;
          await pause(settings.sleep, waitMs, signal);
        }
      }
    },

    observe(name, allowance) {
      const lane = laneOf(name);
      const before = lane.limiter.allowance;
      const usable = sane(allowance);
      lane.daily.observe(usable);
      lane.limiter.observe(usable);
      const { requests, perMs } = lane.limiter.allowance;
      if (requests !== before.requests || perMs !== before.perMs)
        onEvent?.({ kind: "allowance", lane: name, requests, perMs });
    },

    stats() {
      const left = [...lanes.values()].flatMap(({ daily }) => daily.remaining ?? []);
      return { ...counted, ...(left.length > 0 && { dailyRemaining: Math.min(...left) }) };
    },
  };
}

/** One call with an end: an answer, a failure, the caller's signal or the time-out, whichever comes first. */
async function once<T>(
  call: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
  timeoutMs: number,
  label: string,
): Promise<T> {
  const controller = new AbortController();
  let stop = () => {};
  const ended = new Promise<never>((_, reject) => {
    const end = (error: InchwormError) => {
      reject(error);
      controller.abort(error);
    };
    const onAbort = () => end(aborted(label));
    const timer = setTimeout(
      () => end(new InchwormError("network", `${label}: no answer within ${timeoutMs / 1000} s.`)),
      timeoutMs,
    );
    signal?.addEventListener("abort", onAbort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  });
  try {
    return await Promise.race([call(controller.signal), ended]);
  } finally {
    stop();
  }
}

/** Numbers from headers, without what is no number. */
function sane(allowance: Allowance): Allowance {
  return Object.fromEntries(
    Object.entries(allowance).filter(([, value]) => Number.isFinite(value)),
  );
}

function checkLane(system: string, name: string, lane: Lane): void {
  const where = `${system}: lane "${name}"`;
  requireAtLeast(`${where}: "requests"`, lane.requests, 1);
  requireAtLeast(`${where}: "concurrency"`, lane.concurrency, 1);
  requireAtLeast(`${where}: "perMs"`, lane.perMs, 1);
  if (lane.daily !== undefined) requireAtLeast(`${where}: "daily"`, lane.daily, 1);
}

function requireAtLeast(what: string, value: number, least: number): void {
  if (!Number.isFinite(value) || value < least)
    throw new InchwormError("config", `${what} must be a number ≥ ${least}, got ${value}.`);
}

/** A small seeded generator, uniform in [0, 1). Tommy Ettinger's mulberry32. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
