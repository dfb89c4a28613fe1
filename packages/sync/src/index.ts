export {
  type AccountGate,
  accountGate,
  type GateEvent,
  type GateOptions,
  type GateStats,
} from "./gate.js";
export { makePlan, type PlanOptions } from "./plan.js";
export { type PullOptions, type PullResult, type PullSink, pull } from "./pull.js";
export { type PushOptions, type PushReport, push } from "./push.js";
export { type RetryReport, retry } from "./retry.js";
export type { Sleep } from "./sleep.js";
export { type VerifyOptions, type VerifyReport, verify } from "./verify.js";
