import type { Sleep } from "../sleep.js";

export interface VirtualTime {
  now(): number;
  readonly sleep: Sleep;
  /** Lets time pass, as fast as it can, until the promise is settled. */
  run<T>(promise: Promise<T>): Promise<T>;
}

/** A clock that jumps from timer to timer. */
export function virtualTime(): VirtualTime {
  let time = 0;
  const timers: { at: number; wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer = { at: time + ms, wake: resolve };
        const index = timers.findIndex(({ at }) => at > timer.at);
        timers.splice(index < 0 ? timers.length : index, 0, timer);
        signal?.addEventListener("abort", () => {
          const place = timers.indexOf(timer);
          if (place >= 0) timers.splice(place, 1);
          reject(signal.reason);
        });
      }),
    async run(promise) {
      let settled = false;
      const end = () => {
        settled = true;
      };
      promise.then(end, end);
      for (;;) {
        // every microtask runs before the next immediate
        await new Promise((resolve) => setImmediate(resolve));
        if (settled) return promise;
        const next = timers.shift();
        if (!next) throw new Error("Everybody waits and no timer is set.");
        time = Math.max(time, next.at);
        next.wake();
      }
    },
  };
}
