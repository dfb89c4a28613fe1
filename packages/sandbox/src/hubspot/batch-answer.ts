import type { Answer } from "../stand-in/answer.js";
import { instantText } from "../stand-in/times.js";
import {
  type ErrorContext,
  invalidProperties,
  notFoundMessage,
  type PropertyProblem,
  problemDetails,
  problemsMessage,
  Refusal,
} from "./refusal.js";

/** Why one input of a batch was not carried out. */
export type Failure =
  | { readonly kind: "unfit"; readonly id: string; readonly problems: readonly PropertyProblem[] }
  | { readonly kind: "missing"; readonly id: string }
  | { readonly kind: "conflict"; readonly id: string; readonly message: string };

/** Several of the answer's items in no promised order: whoever counts on the order of the inputs finds out. */
export function unordered<T>(items: T[], slotOf: (item: T) => number): T[] {
  const place = (item: T) => Math.imul(slotOf(item) + 1, 0x9e3779b1) >>> 0;
  return items.sort((left, right) => place(left) - place(right));
}

export function batchAnswer(
  status: number,
  startedAt: number,
  results: readonly unknown[],
  errors: readonly Record<string, unknown>[] = [],
): Answer {
  const time = instantText(startedAt);
  return {
    status: errors.length > 0 ? 207 : status,
    body: {
      status: "COMPLETE",
      results,
      ...(errors.length > 0 && { numErrors: errors.length, errors }),
      requestedAt: time,
      startedAt: time,
      completedAt: time,
    },
  };
}

/** One failure as an entry of a 207. */
export function batchError(failure: Failure, traceId: string): Record<string, unknown> {
  const context = { ids: [failure.id], objectWriteTraceId: [traceId] };
  switch (failure.kind) {
    case "unfit": {
      const names = failure.problems.map(({ name }) => name);
      return {
        ...entry("VALIDATION_ERROR", problemsMessage(failure.problems), {
          ...context,
          propertyName: names,
        }),
        errors: problemDetails(failure.problems),
      };
    }
    case "missing":
      return entry("OBJECT_NOT_FOUND", notFoundMessage, context);
    case "conflict":
      return entry("CONFLICT", failure.message, context);
  }
}

/** All that a batch read did not find, in one entry, as the API does. */
export function missingError(ids: readonly string[]): Record<string, unknown> {
  return entry("OBJECT_NOT_FOUND", notFoundMessage, { ids });
}

/** The failures as the answer to a request that fails as a whole: bad values first, then conflicts, then unknown records. */
export function batchRefusal(failures: readonly Failure[]): Refusal {
  const unfit = failures.filter((failure) => failure.kind === "unfit");
  if (unfit.length > 0) {
    return invalidProperties(
      unfit.flatMap(({ problems }) => problems),
      { ids: unfit.map(({ id }) => id) },
    );
  }
  const conflict = failures.find((failure) => failure.kind === "conflict");
  if (conflict) {
    return new Refusal(409, "CONFLICT", conflict.message, { context: { ids: [conflict.id] } });
  }
  return new Refusal(404, "OBJECT_NOT_FOUND", notFoundMessage, {
    context: { ids: failures.map(({ id }) => id) },
  });
}

function entry(category: string, message: string, context: ErrorContext) {
  return { status: "error", category, message, context, errors: [], links: {} };
}
