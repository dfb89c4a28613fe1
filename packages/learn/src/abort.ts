import { setImmediate } from "node:timers/promises";
import { LearnError } from "./error.js";

/** @throws LearnError "aborted" once the signal has fired */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new LearnError("aborted", "Stopped by the caller.", { cause: signal.reason });
}

/** Lets timers and I/O run, then looks at the signal: long work calls it a few times a second. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  checkAborted(signal);
  await setImmediate();
  checkAborted(signal);
}
