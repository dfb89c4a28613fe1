import type { Gate } from "@inchworm/spec";

export interface GuardOptions {
  readonly signal?: AbortSignal | undefined;
  /** Runs right before every request, retries included; what it throws ends the request. */
  readonly before?: () => Promise<void>;
}

export interface Guard extends Gate {
  /** Requests sent through this guard, retries included. */
  sent(): number;
}

/** A gate for one piece of work: its requests end with the work's signal, and are counted. */
export function guard(gate: Gate, { signal, before }: GuardOptions): Guard {
  let sent = 0;
  return {
    request: (request, call) =>
      gate.request({ ...(signal && { signal }), ...request }, async (callSignal) => {
        await before?.();
        sent++;
        return call(callSignal);
      }),
    observe: (lane, allowance) => gate.observe(lane, allowance),
    sent: () => sent,
  };
}
