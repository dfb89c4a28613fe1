import { commonFaults, type FaultKinds, pick } from "../stand-in/fault-dice.js";
import type { HubspotFaults } from "./types.js";

export type FaultKind = Exclude<keyof HubspotFaults, "latencyMs">;

export const faultKinds: FaultKinds<FaultKind> = {
  ...commonFaults,
  locked423: () => ({ status: 423, worked: false }),
  htmlErrors: (detail) => ({
    status: pick(detail, [502, 503, 504, 521, 522, 523, 524]),
    worked: false,
  }),
  migration477: () => ({ status: 477, worked: false }),
};
