import type { Org } from "../org.js";
import { Refusal } from "../refusal.js";
import type { ObjectDefinition } from "../schema.js";
import type { Row, Value } from "../table.js";
import { type Condition, malformed, type Query } from "./parse.js";
import { resolvePath } from "./paths.js";
import { compile } from "./where.js";

/**
 * The records that a query finds, in its order.
 *
 * @param deleted whether those in the recycle bin are looked at too
 * @throws Refusal 400
 */
export function runQuery(org: Org, query: Query, deleted: boolean): Row[] {
  const definition = objectOf(org, query.from);
  const table = org.table(definition.name);
  const semi = (inner: Query): ReadonlySet<Value> => {
    if (inner.fields.length !== 1) throw malformed("a semi-join selects one field");
    const { get } = resolvePath(org, objectOf(org, inner.from), inner.fields[0]);
    return new Set(runQuery(org, inner, deleted).flatMap((row) => get(row) ?? []));
  };
  const test = query.where && compile(org, definition, query.where, semi);
  const order = query.order.map((one) => ({ ...one, ...resolvePath(org, definition, one.path) }));
  const byId = order.length === 0 || (order[0].field.name === "Id" && !order[0].descending);
  const most = byId && !query.count ? (query.offset ?? 0) + (query.limit ?? Infinity) : Infinity;

  const found: Row[] = [];
  const look = (row: Row | undefined) => {
    if (row && (deleted || row.deletedAt === undefined) && (!test || test(row))) found.push(row);
  };
  const ids = namedIds(query.where);
  if (ids) for (const id of ids) look(table.get(id));
  else {
    for (
      let place = firstPlace(query.where);
      place < table.rows.length && found.length < most;
      place++
    ) {
      look(table.rows[place]);
    }
  }
  if (!byId) {
    found.sort((left, right) => {
      for (const { get, descending, nullsLast } of order) {
        const one = get(left);
        const other = get(right);
        if (one === other) continue;
        if (one === undefined || other === undefined)
          return (one === undefined) === nullsLast ? 1 : -1;
        return one < other === descending ? 1 : -1;
      }
      return left.id < right.id ? -1 : 1;
    });
  }
  return found.slice(query.offset ?? 0, (query.offset ?? 0) + (query.limit ?? Infinity));

  function firstPlace(where: Condition | undefined): number {
    let first = 0;
    for (const part of conjuncts(where)) {
      if (part.kind !== "compare" || part.path.toLowerCase() !== "id" || part.value.kind !== "text")
        continue;
      if (part.operator === ">" || part.operator === ">=") {
        first = Math.max(first, table.from(part.value.value, part.operator === ">="));
      }
    }
    return first;
  }
}

/** @throws Refusal 400 INVALID_TYPE */
export function objectOf(org: Org, name: string): ObjectDefinition {
  const found = org.object(name);
  if (found) return found;
  const message = `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;
  throw new Refusal(400, "INVALID_TYPE", message);
}

function conjuncts(where: Condition | undefined): readonly Condition[] {
  if (!where) return [];
  return where.kind === "and" ? where.parts : [where];
}

/** The only ids that can be found, in their order. */
function namedIds(where: Condition | undefined): string[] | undefined {
  for (const part of conjuncts(where)) {
    if (part.kind !== "in" || part.not || part.path.toLowerCase() !== "id") continue;
    return [
      ...new Set(part.values.flatMap((value) => (value.kind === "text" ? value.value : []))),
    ].sort();
  }
  return undefined;
}
