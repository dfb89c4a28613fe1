import { batches, objects, redact } from "@inchworm/kit";
import { type CallContext, type Field, InchwormError, type Prepared } from "@inchworm/spec";
import { type Described, requireFields, type SeenField } from "../describe.js";
import type { Settings } from "../options.js";
import { listed, quoted } from "../soql.js";
import { objectIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";
import { describedType, help, label, metadata, valueSet } from "./metadata.js";
import type { Names, ScoredObject } from "./names.js";
import { grantFields } from "./permissions.js";

const needs = "the “Customize Application” right";

/**
 * Sees that the custom fields stand on every object that is scored, and that the user may write them: looks first, makes only what is
 * missing, deletes nothing. A picklist is given the values it lacks, beside those it has.
 * https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_customfield.htm
 */
export async function prepareFields(
  settings: Settings,
  call: Connection,
  named: Names,
  scored: readonly ScoredObject[],
  fields: readonly Field[],
  options: CallContext & { readonly dryRun?: boolean },
): Promise<Prepared> {
  const wanted = new Map(fields.map((field) => [named.name(field.name), field]));
  const seen = await look();
  const missing = [...wanted.keys()].filter((name) => lacking(name).length > 0);
  const present = [...wanted.keys()].filter((name) => lacking(name).length === 0);
  if (options.dryRun === true || fields.length === 0) return { missing, present };

  try {
    for (const described of seen) for (const name of present) await amend(described, name);
    if (missing.length > 0) await create();
  } catch (error) {
    if (!InchwormError.is(error, "scope")) throw error;
    throw new InchwormError("scope", error.message, {
      hint: `Give the user ${needs}, or let an administrator deploy what bundle() of the adapter gives: fields and permission set as an sfdx project.`,
      ...(error.vendorCode === undefined ? {} : { vendorCode: error.vendorCode }),
    });
  }
  return { missing, present };

  /** The objects as the user sees them; refuses a field of our name that is not ours. */
  async function look(): Promise<readonly Described[]> {
    const found: Described[] = [];
    for (const object of scored) found.push(await requireFields(call, object, ["Id"], options));
    for (const { object, fields: there } of found) {
      for (const [name, field] of wanted) fits(object, name, field, there.get(name.toLowerCase()));
    }
    return found;
  }

  /** Objects on which the user cannot write the field: it is not there, or not shown. */
  function lacking(name: string): readonly ScoredObject[] {
    return seen
      .filter(({ fields: there }) => there.get(name.toLowerCase())?.updateable !== true)
      .map(({ object }) => object as ScoredObject);
  }

  async function create(): Promise<void> {
    const grants: string[] = [];
    for (const object of scored) {
      const names = missing.filter((name) => lacking(name).includes(object));
      // one that stands already, and is only not shown, needs no more than the permission
      const standing = await standingFields(object, names);
      for (const name of names) {
        if (!standing.has(name.toLowerCase())) await createField(object, name);
        grants.push(`${object}.${name}`);
      }
    }
    await grantFields(settings, call, grants, options);
    for (const { object, fields: there } of await look()) {
      const hidden = missing.filter((name) => there.get(name.toLowerCase())?.updateable !== true);
      if (hidden.length === 0) continue;
      const what = hidden.map((name) => `${object}.${name}`).join(", ");
      throw new InchwormError(
        "scope",
        `salesforce: ${what} stands, and the user may not write it.`,
        {
          hint: `Give the user the permission set "${settings.permissionSet}".`,
        },
      );
    }
  }

  async function standingFields(
    object: ScoredObject,
    wantedNames: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const some of batches(
      wantedNames.map((name) => name.replace(/__c$/, "")),
      100,
    )) {
      const q = `SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = ${quoted(object)} AND DeveloperName IN ${listed(some)}`;
      const path = "/tooling/query";
      const answer = await call(options, { method: "GET", path, query: { q }, needs });
      for (const record of objects(objectIn(answer, `GET ${path}`), "records")) {
        found.add(`${String(record.DeveloperName)}__c`.toLowerCase());
      }
    }
    return found;
  }

  async function createField(object: ScoredObject, name: string): Promise<void> {
    const answer = await call(options, {
      method: "POST",
      path: "/tooling/sobjects/CustomField",
      body: { FullName: `${object}.${name}`, Metadata: metadata(wanted.get(name) as Field) },
      needs,
      expect: [400],
    });
    // refused as a twin when an answer was lost and the request sent again: what counts is what stands afterwards
    if (answer.status !== 400 || /DUPLICATE/.test(answer.text)) return;
    throw new InchwormError(
      "rejected",
      `salesforce: the field "${object}.${name}" could not be made. Salesforce says: ${redact(answer.text)}`,
      {
        hint: "See under Setup > Object Manager whether the object has room for more fields, and whether a deleted one holds the name.",
      },
    );
  }

  async function amend({ object, fields: there }: Described, name: string): Promise<void> {
    const field = wanted.get(name) as Field;
    const standing = there.get(name.toLowerCase()) as SeenField;
    const values = [
      ...standing.values,
      ...(field.options ?? []).filter((value) => !standing.values.includes(value)),
    ];
    const grown = standing.type === "picklist" && values.length > standing.values.length;
    if (!grown && standing.label === label(field) && standing.help === help(field)) return;
    const path = "/tooling/query";
    const q = `SELECT Id FROM CustomField WHERE TableEnumOrId = ${quoted(object)} AND DeveloperName = ${quoted(name.replace(/__c$/, ""))}`;
    const [found] = objects(
      objectIn(await call(options, { method: "GET", path, query: { q }, needs }), `GET ${path}`),
      "records",
    );
    if (found === undefined) return;
    // the whole description replaces the old one, so all values that stand go back with it
    const next = {
      ...metadata(field),
      ...(standing.type === "picklist" ? { valueSet: valueSet(values) } : {}),
    };
    await call(options, {
      method: "PATCH",
      path: `/tooling/sobjects/CustomField/${String(found.Id)}`,
      body: { Metadata: next },
      needs,
    });
  }
}

function fits(object: string, name: string, field: Field, standing: SeenField | undefined): void {
  if (standing === undefined) return;
  const type = describedType(field);
  const hint = 'Choose another "prefix", or delete that field in Salesforce.';
  if (standing.type !== type) {
    throw new InchwormError(
      "rejected",
      `salesforce: the field "${object}.${name}" exists with type ${redact(standing.type)}, and ${type} is needed.`,
      { hint },
    );
  }
  if (standing.calculated) {
    throw new InchwormError("rejected", `salesforce: the field "${object}.${name}" is a formula.`, {
      hint,
    });
  }
}
