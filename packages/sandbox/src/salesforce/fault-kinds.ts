import { commonFaults, type FaultKinds, pick } from "../stand-in/fault-dice.js";
import type { SalesforceFaults } from "./types.js";

export type FaultKind = Exclude<keyof SalesforceFaults, "latencyMs">;

/** What a fault of each kind looks like. Lots that share their requests have one share each. */
export const faultKinds: FaultKinds<FaultKind> = {
  ...commonFaults,
  rateLimit: () => ({ status: 403, worked: false }),
  lockedRows: () => ({ status: 200, worked: true }),
  htmlErrors: (detail) => ({ status: pick(detail, [502, 503, 504]), worked: false }),
  sessionEnds: () => ({ status: 401, worked: false }),
};
