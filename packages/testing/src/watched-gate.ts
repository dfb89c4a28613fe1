import { type Account, type Gate, type GateRequest, InchwormError } from "@inchworm/spec";
import { expect } from "vitest";

/** A gate that lets everything through at once and remembers what went. */
export interface WatchedGate extends Gate {
  readonly requests: readonly GateRequest[];
}

export function watchedGate(account: Account): WatchedGate {
  const requests: GateRequest[] = [];
  return {
    requests,
    async request(request, call) {
      expect(Object.keys(account.lanes), "requests name a lane of the account").toContain(
        request.lane,
      );
      expect(request.label, "labels hold no address").not.toMatch(/@|%40/);
      requests.push(request);
      return call(new AbortController().signal);
    },
    observe(lane) {
      expect(Object.keys(account.lanes)).toContain(lane);
    },
  };
}

/** The error that `act` ends with, which must be ours and hold none of the secrets anywhere. */
export async function failure(
  act: () => Promise<unknown>,
  secrets: readonly string[],
): Promise<InchwormError> {
  try {
    await act();
  } catch (error) {
    if (!InchwormError.is(error)) throw error;
    const said = [error.message, error.hint, error.vendorCode, String(error.cause), error.stack];
    for (const secret of secrets) expect(said.join("\n")).not.toContain(secret);
    expect(said.join("\n"), "errors hold no address").not.toMatch(/[\w.+-]+(@|%40)example\.com/);
    return error;
  }
  throw new Error("it should have failed, and did not");
}
