import type { Answer } from "../stand-in/answer.js";

/** A request that is refused, as the API words it: a numeric code and a sentence. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get answer(): Answer {
    return { status: this.status, body: { code: this.code, message: this.message } };
  }
}

/** https://developer.salesforce.com/docs/marketing/pardot/guide/error-codes.html */
export const codes = {
  invalidParameter: 5,
  accessDenied: 49,
  concurrent: 66,
  invalidJson: 71,
  invalidId: 109,
  daily: 122,
  invalidToken: 184,
  businessUnit: 201,
} as const;

export function badRequest(message: string): Refusal {
  return new Refusal(400, codes.invalidParameter, message);
}

export function notFound(): Refusal {
  return new Refusal(404, codes.invalidId, "Invalid ID.");
}

export function forbidden(): Refusal {
  return new Refusal(403, codes.accessDenied, "Access Denied");
}
