/** What went wrong, for programs. The message says it for people, `hint` says what to do. */
export type ErrorCode =
  /** A required setting is missing or malformed. */
  | "config"
  /** The token is missing, wrong, expired or revoked. */
  | "auth"
  /** The token is good but lacks a permission; the message names it. */
  | "scope"
  /** Too many requests just now; `retryAfterMs` when the vendor said how long. */
  | "rate-limit"
  /** The day's allowance is used up. Waiting seconds does not help. */
  | "quota"
  /** No answer: refused, reset, timed out, name not found. Whether the call took effect is unknown. */
  | "network"
  /** The vendor failed (5xx, locked, malformed answer). */
  | "server"
  /** The thing named does not exist there. */
  | "not-found"
  /** The vendor refused the content of the call. */
  | "rejected"
  /** What the user passed (a file, a column, an option) cannot be used. */
  | "input"
  /** Another process holds the store. */
  | "locked"
  /** A model file is foreign, truncated, of another version or not a model. */
  | "artifact"
  /** The plan no longer fits the store; make a new one. */
  | "stale-plan"
  /** There is not enough history for the question; the message gives the count that is missing. */
  | "insufficient-data"
  /** The caller's `AbortSignal` fired. */
  | "aborted"
  /** A fault of ours. */
  | "internal";

const marker = Symbol.for("inchworm.error");

/**
 * The one error that Inchworm throws. Neither its message nor its fields ever hold a secret or an e-mail address.
 *
 * @example
 * try { await shop.push(plan); } catch (error) { if (InchwormError.is(error, "stale-plan")) await shop.plan(portal.scores); }
 */
export class InchwormError extends Error {
  override readonly name = "InchwormError";
  readonly [marker] = true;
  readonly code: ErrorCode;
  /** One sentence that says what to do. */
  readonly hint: string | undefined;
  /** How long the vendor asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** The vendor's own name of the error or limit, such as `TEN_SECONDLY_ROLLING`. */
  readonly vendorCode: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; retryAfterMs?: number; vendorCode?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.vendorCode = options.vendorCode;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static is(error: unknown, code?: ErrorCode): error is InchwormError {
    return (
      typeof error === "object" &&
      error !== null &&
      (error as Record<symbol, unknown>)[marker] === true &&
      (code === undefined || (error as InchwormError).code === code)
    );
  }
}
