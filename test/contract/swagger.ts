import { readFileSync } from "node:fs";
import { type Contract, contractOf, type Operation, type Schema } from "./open-api.js";

interface SwaggerOperation {
  readonly parameters?: readonly { readonly in: string; readonly schema?: Schema }[];
  readonly responses: Record<string, { readonly schema?: Schema }>;
}

/** A Swagger 2 description whose schemas stand where they are used. Fields that it does not have are refused. */
export function swaggerContract(file: URL): Contract {
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as {
    paths: Record<string, Record<string, SwaggerOperation>>;
  };
  const json = (schema: Schema) => ({ "application/json": { schema: closed(schema) } });
  const operation = ({ parameters = [], responses }: SwaggerOperation): Operation => {
    const body = parameters.find((parameter) => parameter.in === "body")?.schema;
    return {
      ...(body && { requestBody: { content: json(body) } }),
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, { schema }]) => [
          status,
          schema && status !== "default" ? { content: json(schema) } : openly(schema),
        ]),
      ),
    };
  };
  return contractOf(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods)
          .filter(([method]) => /^(get|put|post|delete|patch)$/.test(method))
          .map(([method, one]) => [method, operation(one)]),
      ),
    ]),
  );
}

/** Error bodies name the fields at fault beside what is described. */
function openly(schema: Schema | undefined) {
  return schema ? { content: { "application/json": { schema } } } : {};
}

/** Every object that lists its properties has no other. A date that is not known is an empty text, as the service has it. */
function closed(schema: Schema): Schema {
  for (const inner of Object.values(schema)) {
    if (typeof inner === "object" && inner !== null) closed(inner as Schema);
  }
  if (typeof schema.properties === "object" && "type" in schema) {
    schema.additionalProperties ??= false;
  }
  if (schema.format === "date-time") {
    delete schema.format;
    schema.anyOf = [{ format: "date-time" }, { maxLength: 0 }];
  }
  return schema;
}
