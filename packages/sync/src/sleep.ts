import { setTimeout as timer } from "node:timers/promises";
import { InchwormError } from "@inchworm/spec";

/** Waits `ms` milliseconds; ends at once, by throwing, when the signal fires. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export const sleep: Sleep = (ms, signal) => timer(ms, undefined, signal && { signal });

/** Waits like `sleep`, and throws "aborted" when the signal fires. */
export async function pause(wait: Sleep, ms: number, signal: AbortSignal | undefined) {
  throwIfAborted(signal);
  try {
    await wait(ms, signal);
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
}

export function aborted(what = "The work"): InchwormError {
  return new InchwormError("aborted", `${what} was called off.`, {
    hint: "Start it again: it goes on from what was stored.",
  });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted();
}
