import { commonFaults, type FaultKinds, pick } from "../stand-in/fault-dice.js";
import type { MailchimpFaults } from "./types.js";

export type OperationFault = "operationError";
export type FaultKind = Exclude<keyof MailchimpFaults, "latencyMs" | OperationFault>;

export const faultKinds: FaultKinds<FaultKind> = {
  ...commonFaults,
  forbidden403: () => ({ status: 403, worked: false }),
  htmlErrors: (detail) => ({ status: pick(detail, [502, 503, 504]), worked: false }),
  stalled: (detail) => ({ status: 0, worked: detail >= 0.5 }),
};

export const operationFaults: FaultKinds<OperationFault> = {
  operationError: (detail) => ({ status: pick(detail, [429, 500]), worked: false }),
};
