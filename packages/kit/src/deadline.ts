import { setMaxListeners } from "node:events";
import { InchwormError } from "@inchworm/spec";

/**
 * Gives `run` a signal that fires when the time is up or any of `signals` does, and does not wait longer than that, even for a
 * client that takes no signal.
 *
 * @throws InchwormError "aborted", or "network" when the time is up
 */
export async function withDeadline<T>(
  options: {
    /** What is being asked, for the message: adapter, method and path. */
    readonly label: string;
    readonly timeoutMs: number;
    readonly signals: readonly (AbortSignal | undefined)[];
  },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { label, timeoutMs } = options;
  const own = new AbortController();
  const signals = options.signals.filter((signal) => signal !== undefined);
  const cancelled = () =>
    own.abort(new InchwormError("aborted", `${label}: stopped, as asked by the signal.`));
  if (signals.some((signal) => signal.aborted)) cancelled();
  own.signal.throwIfAborted();
  for (const signal of signals) {
    // One signal may well stop a hundred requests under way, which Node would warn of from eleven on.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", cancelled);
  }
  const timer = setTimeout(() => {
    const seconds = `${timeoutMs / 1000} s`;
    own.abort(new InchwormError("network", `${label}: no answer within ${seconds}.`));
  }, timeoutMs);
  try {
    const running = run(own.signal);
    const stopped = new Promise<never>((_, reject) => {
      own.signal.addEventListener("abort", () => reject(own.signal.reason), { once: true });
    });
    return await Promise.race([running, stopped]);
  } catch (error) {
    // What a client says about a cancelled request is its own matter: the reason is ours.
    throw own.signal.aborted ? own.signal.reason : error;
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener("abort", cancelled);
  }
}
