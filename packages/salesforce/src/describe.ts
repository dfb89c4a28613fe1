import { objects } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import { objectIn } from "./wire/bodies.js";
import type { Connection } from "./wire/connection.js";

/** What the user sees of a field. */
export interface SeenField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly help: string;
  readonly updateable: boolean;
  readonly calculated: boolean;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly values: readonly string[];
}

/** What the user sees of an object. */
export interface Described {
  readonly object: string;
  readonly updateable: boolean;
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, SeenField>;
}

/**
 * Describes an object as the user sees it: what permissions hide is simply not there.
 *
 * @returns `undefined` for an object that the organisation does not have or the user does not see
 */
export async function describe(
  call: Connection,
  object: string,
  context: CallContext,
): Promise<Described | undefined> {
  const path = `/sobjects/${object}/describe`;
  const answer = await call(context, {
    method: "GET",
    path,
    needs: `the right to read ${object} records`,
    expect: [404],
  });
  if (answer.status === 404) return undefined;
  const body = objectIn(answer, `GET ${path}`);
  const fields = objects(body, "fields").map((field): SeenField => {
    const number = (value: unknown) => (typeof value === "number" ? value : 0);
    return {
      name: String(field.name),
      label: String(field.label ?? ""),
      type: String(field.type),
      help: typeof field.inlineHelpText === "string" ? field.inlineHelpText : "",
      updateable: field.updateable === true,
      calculated: field.calculated === true,
      length: number(field.length),
      precision: number(field.precision),
      scale: number(field.scale),
      values: objects(field, "picklistValues")
        .filter(({ active }) => active !== false)
        .map(({ value }) => String(value)),
    };
  });
  return {
    object,
    updateable: body.updateable === true,
    fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  };
}

export function sees(described: Described | undefined, field: string): boolean {
  return described?.fields.has(field.toLowerCase()) ?? false;
}

/**
 * The object, with fields that nothing can be read without.
 *
 * @throws InchwormError "scope" naming what the user does not see
 */
export async function requireFields(
  call: Connection,
  object: string,
  fields: readonly string[],
  context: CallContext,
): Promise<Described> {
  const described = await describe(call, object, context);
  if (described === undefined) {
    throw new InchwormError("scope", `salesforce: the user sees no ${object} records.`, {
      hint: `Give the user the right to read ${object} by a permission set.`,
    });
  }
  const hidden = fields.filter((field) => !sees(described, field));
  if (hidden.length === 0) return described;
  const names = hidden.map((field) => `${object}.${field}`).join(", ");
  throw new InchwormError("scope", `salesforce: the user does not see ${names}.`, {
    hint: `Give the user the right to read ${names} by a permission set.`,
  });
}
