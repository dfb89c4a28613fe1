import type { Org } from "../org.js";
import { Refusal } from "../refusal.js";
import type { FieldDefinition, ObjectDefinition } from "../schema.js";
import type { Row, Value } from "../table.js";
import { jsonTime } from "../values.js";
import { malformed, type Query } from "./parse.js";
import { getter, resolvePath } from "./paths.js";
import { runQuery } from "./run.js";

export type Rendered = Record<string, unknown>;

/** How a query's records look in JSON: each field that was asked for, `null` where it is empty. */
export function renderer(
  org: Org,
  definition: ObjectDefinition,
  query: Pick<Query, "fields" | "subqueries">,
  base: string,
  deleted: boolean,
): (row: Row) => Rendered {
  const own = query.fields.filter((path) => !path.includes("."));
  const plain = own.map((path) => resolvePath(org, definition, path));
  const nested = new Map<string, string[]>();
  for (const path of query.fields) {
    const dot = path.indexOf(".");
    if (dot < 0) continue;
    const step = path.slice(0, dot);
    nested.set(step, [...(nested.get(step) ?? []), path.slice(dot + 1)]);
  }
  const parents = [...nested].map(([step, fields]) => {
    // refuses what is not there, in the words of the whole path
    for (const path of fields) resolvePath(org, definition, `${step}.${path}`);
    const reference = org
      .visibleFields(definition)
      .find((field) => field.relationship?.toLowerCase() === step.toLowerCase()) as FieldDefinition;
    const target = org.object(reference.referenceTo as string) as ObjectDefinition;
    return {
      name: reference.relationship as string,
      get: getter(org, reference),
      table: org.table(target.name),
      render: renderer(org, target, { fields, subqueries: [] }, base, deleted),
    };
  });
  const children = query.subqueries.map((inner) => child(org, definition, inner, base, deleted));

  return (row) => {
    const record: Rendered = {
      attributes: { type: definition.name, url: `${base}/sobjects/${definition.name}/${row.id}` },
    };
    for (const { field, get } of plain) record[field.name] = jsonValue(field, get(row));
    for (const { name, get, table, render } of parents) {
      const id = get(row);
      const parent = id === undefined ? undefined : table.get(String(id));
      record[name] = parent ? render(parent) : null;
    }
    for (const { name, of } of children) record[name] = of(row);
    return record;
  };
}

function child(
  org: Org,
  definition: ObjectDefinition,
  query: Query,
  base: string,
  deleted: boolean,
) {
  for (const target of org.objects.values()) {
    const link = [...target.fields.values()].find(
      (field) =>
        field.referenceTo === definition.name &&
        field.children?.toLowerCase() === query.from.toLowerCase(),
    );
    if (!link) continue;
    if (query.subqueries.length > 0) throw malformed("child queries have one level here");
    const render = renderer(org, target, query, base, deleted);
    let byParent: Map<Value, Row[]> | undefined;
    return {
      name: link.children as string,
      of: (row: Row): unknown => {
        if (!byParent) {
          byParent = new Map();
          const { limit, ...rest } = query;
          for (const one of runQuery(org, { ...rest, from: target.name }, deleted)) {
            const parent = one.values.get(link.name);
            if (parent === undefined) continue;
            const group = byParent.get(parent);
            if (group) group.push(one);
            else byParent.set(parent, [one]);
          }
        }
        const rows = (byParent.get(row.id) ?? []).slice(0, query.limit ?? Infinity);
        if (rows.length === 0) return null;
        return { totalSize: rows.length, done: true, records: rows.map(render) };
      },
    };
  }
  const message = `Didn't understand relationship '${query.from}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`;
  throw new Refusal(400, "INVALID_TYPE", message);
}

export function jsonValue(field: FieldDefinition, value: Value | undefined): Value | null {
  if (value === undefined) return null;
  return field.type === "datetime" ? jsonTime(Number(value)) : value;
}

/** One line of a bulk query's file: an empty cell for what is empty. */
export function cells(
  org: Org,
  definition: ObjectDefinition,
  fields: readonly string[],
): (row: Row) => string[] {
  const paths = fields.map((path) => resolvePath(org, definition, path));
  return (row) =>
    paths.map(({ field, get }) => {
      const value = get(row);
      if (value === undefined) return "";
      return field.type === "datetime" ? new Date(Number(value)).toISOString() : String(value);
    });
}
