import { readFileSync } from "node:fs";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

/** One method on one path of an interface description. */
export interface Operation {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { schema: Schema }> }>;
}
export interface Schema {
  additionalProperties?: unknown;
  readonly properties?: object;
  format?: string;
  anyOf?: readonly object[];
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/** Requests and answers of one vendor, held against its interface descriptions. */
export interface Contract {
  /** Throws unless the operation exists, takes that body, and may give that answer. */
  check(call: {
    readonly method: string;
    readonly path: string;
    /** Absent when the request is meant to be refused. */
    readonly sent?: unknown;
    readonly status: number;
    readonly body: unknown;
  }): void;
  /** Method and path of every operation that was checked. */
  readonly checked: Set<string>;
}

/** Descriptions that were read so far: each has a name of its own. */
let loaded = 0;

/** `$ref`s stay within a file. Fields that a description does not have are refused, except in error bodies. */
export function openApiContract(files: readonly URL[]): Contract {
  const paths = files.flatMap((file) => {
    const name = `file${loaded++}`;
    const text = readFileSync(file, "utf8").replaceAll('"#/', `"${name}#/`);
    const document = JSON.parse(text) as Document;
    for (const [title, schema] of Object.entries(document.components.schemas)) {
      if (schema.properties && title !== "Error") schema.additionalProperties ??= false;
    }
    ajv.addSchema(document, name);
    return Object.entries(document.paths);
  });
  return contractOf(paths);
}

/** @param paths the operations of each path, by method */
export function contractOf(
  paths: readonly (readonly [template: string, methods: Record<string, Operation>])[],
): Contract {
  const operations = paths.flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${template}`,
      pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      method: method.toUpperCase(),
      fixed: template.split("/").filter((segment) => !segment.startsWith("{")).length,
      operation,
    })),
  );
  const checked = new Set<string>();
  return {
    checked,
    check({ method, path, sent, status, body }) {
      const [found] = operations
        .filter((one) => one.method === method && one.pattern.test(path.split("?")[0]))
        .sort((left, right) => right.fixed - left.fixed);
      if (!found) throw new Error(`no operation ${method} ${path}`);
      checked.add(found.name);
      const { requestBody, responses } = found.operation;
      if (sent !== undefined) {
        const schema = requestBody && Object.values(requestBody.content)[0].schema;
        if (!schema) throw new Error(`${found.name} takes no body`);
        demand(schema, sent, `request of ${found.name}`);
      }
      const answer = responses[status] ?? (status >= 400 ? responses.default : undefined);
      if (!answer) throw new Error(`${found.name} never answers ${status}`);
      const schema = answer.content && Object.values(answer.content)[0].schema;
      if (schema) demand(schema, body, `${status} of ${found.name}`);
      else if (body !== "") throw new Error(`${found.name} answers ${status} without a body`);
    },
  };
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const compiled = new WeakMap<Schema, ValidateFunction>();

function demand(schema: Schema, value: unknown, what: string): void {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  if (!validate(value)) throw new Error(`${what}: ${ajv.errorsText(validate.errors)}`);
}
