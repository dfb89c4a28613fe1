import type { Answer } from "../stand-in/answer.js";

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** A request that is answered with a problem document. https://mailchimp.com/developer/marketing/docs/errors/ */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldProblem[] | undefined;

  constructor(status: number, title: string, detail: string, errors?: readonly FieldProblem[]) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }

  answer(instance: string): Answer {
    const body = {
      type: "https://mailchimp.com/developer/marketing/docs/errors/",
      title: this.title,
      status: this.status,
      detail: this.message,
      instance,
      ...(this.errors && { errors: this.errors }),
    };
    const data = JSON.stringify(body);
    return {
      status: this.status,
      content: { type: "application/problem+json; charset=utf-8", data },
    };
  }
}

export const notFound = () =>
  new Problem(404, "Resource Not Found", "The requested resource could not be found.");

/** A body or a parameter of the wrong form. */
export const invalid = (field: string, message: string) =>
  new Problem(
    400,
    "Invalid Resource",
    "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
    [{ field, message }],
  );

export const invalidMergeFields = (errors: readonly FieldProblem[]) =>
  new Problem(400, "Invalid Resource", "Your merge fields were invalid.", errors);

export const tooMany = () =>
  new Problem(
    429,
    "Too Many Requests",
    "You have exceeded the limit of 10 simultaneous connections.",
  );

export const complianceState = (email: string) =>
  new Problem(
    400,
    "Member In Compliance State",
    `${email} is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.`,
  );
