import { readProperties } from "./property-checks.js";
import { invalid } from "./refusal.js";

// https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/guide
const mostInputs = 100;

export interface BatchInput {
  /** "" where the endpoint takes none. */
  readonly id: string;
  readonly idProperty: string | undefined;
  /** The caller's own name of the input, for errors that belong to one input. */
  readonly traceId: string | undefined;
  readonly properties: ReadonlyMap<string, string>;
}

/** What an endpoint wants in each input. */
interface Wanted {
  readonly id: boolean;
  readonly properties: boolean;
}

/** @throws Refusal 400 */
export function readInputs(body: Record<string, unknown>, wanted: Wanted): BatchInput[] {
  return rawInputs(body).map((input) => {
    const { id, idProperty, objectWriteTraceId, properties } = input;
    if (wanted.id && (typeof id === "object" || id === undefined || id === "")) {
      throw invalid("Invalid input JSON: every input needs an id");
    }
    return {
      id: wanted.id ? String(id) : "",
      idProperty: typeof idProperty === "string" ? idProperty : undefined,
      traceId: typeof objectWriteTraceId === "string" ? objectWriteTraceId : undefined,
      properties: wanted.properties ? readProperties(properties) : new Map(),
    };
  });
}

/** Between 1 and `most` objects, 100 unless told. @throws Refusal 400 */
export function rawInputs(
  body: Record<string, unknown>,
  most = mostInputs,
): Record<string, unknown>[] {
  const { inputs } = body;
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw invalid("Invalid input JSON: inputs is missing or empty");
  }
  if (inputs.length > most) {
    throw invalid(`The maximum number of inputs in a batch is ${most}`, {
      inputs: [String(inputs.length)],
    });
  }
  for (const input of inputs) {
    if (typeof input !== "object" || input === null) {
      throw invalid("Invalid input JSON: an input is not an object");
    }
  }
  return inputs;
}

/** @throws Refusal 400 naming the ids that are there twice */
export function refuseDuplicates(ids: readonly string[]): void {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) twice.add(id);
    seen.add(id);
  }
  if (twice.size === 0) return;
  throw invalid(
    `Duplicate IDs found in batch input: [${[...twice].join(", ")}]. IDs must be unique`,
    { ids: [...twice] },
  );
}
