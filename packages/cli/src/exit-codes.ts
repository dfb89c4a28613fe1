import { type ErrorCode, InchwormError } from "@inchworm/spec";

/** What a script may trust. */
export const exitCodes = {
  ok: 0,
  /** A fault of ours. */
  internal: 1,
  /** What was asked cannot be done as asked: a wrong option, file, column or setting. */
  usage: 2,
  /** The work ended, and some rows failed, are gone, or did not read back as written. */
  partial: 3,
  /** The token is missing, wrong or lacks a permission. */
  auth: 4,
  /** The other side did not answer, is limiting us, or the day's allowance is used up: run the same command again later. */
  later: 5,
  /** Another process holds the store. */
  locked: 6,
  /** There is no store, too little history, no model, or the plan is stale: run the earlier step again. */
  notReady: 7,
  interrupted: 130,
} as const;

const byCode: Readonly<Record<ErrorCode, number>> = {
  config: exitCodes.usage,
  input: exitCodes.usage,
  "not-found": exitCodes.usage,
  auth: exitCodes.auth,
  scope: exitCodes.auth,
  "rate-limit": exitCodes.later,
  quota: exitCodes.later,
  network: exitCodes.later,
  server: exitCodes.later,
  rejected: exitCodes.partial,
  locked: exitCodes.locked,
  "stale-plan": exitCodes.notReady,
  "insufficient-data": exitCodes.notReady,
  artifact: exitCodes.notReady,
  aborted: exitCodes.interrupted,
  internal: exitCodes.internal,
};

export const exitCodeOfCode = (code: ErrorCode): number => byCode[code] ?? exitCodes.internal;

export const exitCodeOf = (error: unknown): number =>
  InchwormError.is(error) ? exitCodeOfCode(error.code) : exitCodes.internal;
