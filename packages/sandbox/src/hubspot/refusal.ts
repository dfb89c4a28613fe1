/** What is wrong with one property of one input, in the vendor's words. */
export interface PropertyProblem {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Lists of text by name, the only form in which the API gives details. */
export type ErrorContext = Readonly<Record<string, readonly string[]>>;

/** A request that is answered with an error body. The HTTP layer adds the correlation id. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    category: string,
    message: string,
    more: Record<string, unknown> = {},
  ) {
    super(message);
    this.status = status;
    this.body = { status: "error", message, category, ...more };
  }
}

export function invalid(message: string, context?: ErrorContext): Refusal {
  return new Refusal(400, "VALIDATION_ERROR", message, context && { context });
}

/** The message carries its details a second time, as JSON inside the text, as the real one does. */
export function problemsMessage(problems: readonly PropertyProblem[]): string {
  const details = problems.map(({ name, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
  }));
  return `Property values were not valid: ${JSON.stringify(details)}`;
}

export function problemDetails(problems: readonly PropertyProblem[]) {
  return problems.map(({ name, code, message }) => ({
    message,
    code,
    context: { propertyName: [name] },
  }));
}

export function invalidProperties(
  problems: readonly PropertyProblem[],
  context?: ErrorContext,
): Refusal {
  return new Refusal(400, "VALIDATION_ERROR", problemsMessage(problems), {
    errors: problemDetails(problems),
    ...(context && { context }),
  });
}

export const notFoundMessage =
  "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.";

export function contactNotFound(): Refusal {
  return new Refusal(404, "OBJECT_NOT_FOUND", "resource not found");
}

export function missingScopes(scopes: readonly string[]): Refusal {
  return new Refusal(
    403,
    "MISSING_SCOPES",
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    {
      errors: [
        {
          message: "One or more of the following scopes are required.",
          context: { requiredGranularScopes: scopes },
        },
      ],
      links: { scopes: "https://developers.hubspot.com/scopes" },
    },
  );
}
