import type { CallContext, Field, ListsMade } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";

/**
 * Makes a dynamic list for each value of the categories among the fields, such as "Inchworm: Segment – champions", unless a list of
 * that name stands. Who is in it follows from the property, so it is made once, and no membership is ever written. None is changed
 * or deleted.
 *
 * @throws InchwormError "scope" naming the permission
 */
export async function makeLists(
  settings: Settings,
  call: Connection,
  nameOf: (field: string) => string,
  fields: readonly Field[],
  context: CallContext,
): Promise<ListsMade> {
  const at = paths(settings.apiVersion).lists;
  const created: string[] = [];
  const present: string[] = [];
  for (const field of fields) {
    if (field.type !== "category") continue;
    for (const value of field.options ?? []) {
      const name = `Inchworm: ${field.label} – ${value}`;
      const { status } = await call(context, {
        method: "GET",
        path: `${at}/object-type-id/0-1/name/${encodeURIComponent(name)}`,
        scope: "crm.lists.read",
        expect: [404],
      });
      if (status === 404) {
        // 409: somebody else has just made it
        const made = await call(context, {
          method: "POST",
          path: at,
          scope: "crm.lists.write",
          expect: [409],
          body: {
            name,
            objectTypeId: "0-1",
            processingType: "DYNAMIC",
            filterBranch: isAnyOf(nameOf(field.name), value),
          },
        });
        (made.status === 409 ? present : created).push(name);
      } else present.push(name);
    }
  }
  return { created, present };
}

/** https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/filters */
function isAnyOf(property: string, value: string): unknown {
  const operation = {
    operationType: "ENUMERATION",
    operator: "IS_ANY_OF",
    values: [value],
    includeObjectsWithNoValueSet: false,
  };
  const both = {
    filterBranchType: "AND",
    filterBranchOperator: "AND",
    filterBranches: [],
    filters: [{ filterType: "PROPERTY", property, operation }],
  };
  return {
    filterBranchType: "OR",
    filterBranchOperator: "OR",
    filterBranches: [both],
    filters: [],
  };
}
