/** What went wrong: the data or options passed, a saved model that is none of ours, or the caller's `AbortSignal`. */
export type LearnErrorCode = "input" | "artifact" | "aborted";

const marker = Symbol.for("inchworm.error");

/** The one error this package throws. It carries the family's mark, so `InchwormError.is` knows it too. */
export class LearnError extends Error {
  override readonly name = "LearnError";
  readonly [marker] = true;
  readonly code: LearnErrorCode;
  /** One sentence that says what to do. */
  readonly hint: string | undefined;

  constructor(
    code: LearnErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static is(error: unknown, code?: LearnErrorCode): error is LearnError {
    return (
      typeof error === "object" &&
      error !== null &&
      (error as Record<symbol, unknown>)[marker] === true &&
      (error as LearnError).name === "LearnError" &&
      (code === undefined || (error as LearnError).code === code)
    );
  }
}
