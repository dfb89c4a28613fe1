import type { Answer } from "../stand-in/answer.js";

/** A request that is refused as a whole, as the API words it. */
export class Refusal extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.fields = fields;
  }

  get answer(): Answer {
    const { message, errorCode, fields } = this;
    return { status: this.status, body: [{ message, errorCode, ...(fields && { fields }) }] };
  }
}

/** What is wrong with one record. */
export interface RecordError {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export function recordError(
  statusCode: string,
  message: string,
  fields: readonly string[] = [],
): RecordError {
  return { statusCode, message, fields };
}

export function notFound(): Refusal {
  return new Refusal(404, "NOT_FOUND", "The requested resource does not exist");
}

export function malformed(message: string): Refusal {
  return new Refusal(400, "JSON_PARSER_ERROR", message);
}
