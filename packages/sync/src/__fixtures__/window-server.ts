import { type Gate, InchwormError, type Lane } from "@inchworm/spec";
import type { VirtualTime } from "./virtual-time.js";

export interface WindowServer {
  /** When each request arrived, also those refused. */
  readonly arrivals: readonly number[];
  readonly refused: readonly number[];
  /** Somebody else's request. */
  foreign(): void;
  /** One call: on its way, counted, answered. */
  call(gate: Gate, lane: string): Promise<void>;
}

/** A server with a rolling window, behind a network with any latency. It tells what remains, as HubSpot does. */
export function windowServer(
  time: VirtualTime,
  allowance: Pick<Lane, "requests" | "perMs">,
  latency: () => number,
  options: { readonly tells?: boolean; readonly retryAfterMs?: number } = {},
): WindowServer {
  const { requests, perMs } = allowance;
  const arrivals: number[] = [];
  const refused: number[] = [];
  let counted: number[] = [];

  const count = (): boolean => {
    const at = time.now();
    counted = counted.filter((past) => past > at - perMs);
    if (counted.length >= requests) return false;
    counted.push(at);
    return true;
  };

  return {
    arrivals,
    refused,
    foreign: () => {
      count();
    },
    async call(gate, lane) {
      await time.sleep(latency());
      arrivals.push(time.now());
      const accepted = count();
      const remaining = requests - counted.length;
      if (!accepted) refused.push(time.now());
      await time.sleep(latency());
      if (options.tells) gate.observe(lane, { requests, perMs, remaining });
      if (accepted) return;
      throw new InchwormError("rate-limit", "Too many requests.", {
        ...(options.retryAfterMs !== undefined && { retryAfterMs: options.retryAfterMs }),
      });
    },
  };
}

/** The most arrivals in any window of `perMs`. */
export function mostInWindow(arrivals: readonly number[], perMs: number): number {
  const sorted = [...arrivals].sort((one, other) => one - other);
  let most = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last++) {
    while (sorted[first] <= sorted[last] - perMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
