import { type Gate, InchwormError } from "@inchworm/spec";

/**
 * A gate that lets everything through at once, for a single call without a sync. It never waits and never retries: whatever is
 * sent through it in numbers belongs behind a real one.
 *
 * @example await hubspot().check({ gate: directGate() })
 */
export function directGate(signal?: AbortSignal): Gate {
  const open = signal ?? new AbortController().signal;
  return {
    async request(request, call) {
      if (open.aborted) {
        throw new InchwormError("aborted", `${request.label}: stopped, as asked by the signal.`);
      }
      return call(open);
    },
    observe() {},
  };
}
