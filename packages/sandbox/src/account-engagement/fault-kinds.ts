import { commonFaults, type FaultKinds, pick } from "../stand-in/fault-dice.js";
import type { AccountEngagementFaults } from "./types.js";

export type FaultKind = Exclude<keyof AccountEngagementFaults, "latencyMs">;

/** What a fault of each kind looks like. Being refused for the number of requests is a code in the body, not a status of its own. */
export const faultKinds: FaultKinds<FaultKind> = {
  ...commonFaults,
  rateLimit: () => ({ status: 400, worked: false }),
  htmlErrors: (detail) => ({ status: pick(detail, [502, 503, 504]), worked: false }),
  sessionEnds: () => ({ status: 401, worked: false }),
};
