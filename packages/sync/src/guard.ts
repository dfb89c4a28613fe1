import { setMaxListeners } from "node:events";
import type { Allowance, Gate } from "@inchworm/spec";

export interface GuardOptions {
  readonly signal?: AbortSignal | undefined;
  /** Runs right before every request, retries included; what it throws ends the request. */
  readonly before?: () => Promise<void>;
}

export interface Guard extends Gate {
  /** Requests sent through this guard, retries included. */
  sent(): number;
  /** What the vendor has told through this guard of a lane's window. */
  told(lane: string): Pick<Allowance, "requests" | "perMs">;
}

/** A gate for one piece of work: its requests end with the work's signal, and are counted. */
export function guard(gate: Gate, { signal, before }: GuardOptions): Guard {
  let sent = 0;
  const told = new Map<string, Pick<Allowance, "requests" | "perMs">>();
  // one signal ends many requests at once, which Node would warn of from eleven on
  if (signal) setMaxListeners(0, signal);
  return {
    request: (request, call) =>
      gate.request({ ...(signal && { signal }), ...request }, async (callSignal) => {
        await before?.();
        sent++;
        return call(callSignal);
      }),
    observe(lane, allowance) {
      if (allowance.requests && allowance.perMs) told.set(lane, allowance);
      gate.observe(lane, allowance);
    },
    sent: () => sent,
    told: (lane) => told.get(lane) ?? {},
  };
}
