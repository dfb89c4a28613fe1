import { batches, type FieldMapping, objects, redact } from "@inchworm/kit";
import { type CallContext, type Field, InchwormError, type Prepared } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";

const kinds = {
  number: { type: "number", fieldType: "number" },
  text: { type: "string", fieldType: "text" },
  category: { type: "enumeration", fieldType: "select" },
} as const;

/** A category without a list of options can only be text. */
function kind(field: Field): (typeof kinds)[keyof typeof kinds] {
  return field.type === "category" && field.options === undefined ? kinds.text : kinds[field.type];
}

interface Standing {
  readonly type: unknown;
  readonly readOnly: boolean;
  readonly label: unknown;
  readonly description: unknown;
  readonly group: unknown;
  readonly options: readonly Record<string, unknown>[];
}

/**
 * Sees that the properties stand: reads first, creates only what is missing, deletes nothing. An existing enumeration is given the
 * options it lacks, beside those it has; one of our group is given the label and the description that its field has by now.
 * https://developers.hubspot.com/docs/api-reference/legacy/crm/properties/guide
 */
export async function prepareProperties(
  settings: Settings,
  call: Connection,
  mapping: FieldMapping,
  fields: readonly Field[],
  options: CallContext & { readonly dryRun?: boolean },
): Promise<Prepared> {
  const at = paths(settings.apiVersion).properties;
  const read = "crm.schemas.contacts.read";
  const write = "crm.schemas.contacts.write";
  const wanted = new Map(fields.map((field) => [mapping.name(field.name), field]));

  const standing = await list();
  for (const [name, field] of wanted) fits(name, field, standing.get(name));
  const missing = [...wanted.keys()].filter((name) => !standing.has(name));
  const present = [...wanted.keys()].filter((name) => standing.has(name));
  if (options.dryRun) return { missing, present };

  for (const name of present) await amend(name);
  if (missing.length > 0) await create();
  return { missing, present };

  async function list(): Promise<Map<string, Standing>> {
    const { body } = await call(options, { method: "GET", path: at, scope: read });
    return new Map(
      objects(body, "results").map((property) => [
        String(property.name),
        {
          type: property.type,
          readOnly:
            property.calculated === true ||
            (property.modificationMetadata as { readOnlyValue?: unknown } | undefined)
              ?.readOnlyValue === true,
          options: objects(property, "options"),
          label: property.label,
          description: property.description,
          group: property.groupName,
        },
      ]),
    );
  }

  async function create(): Promise<void> {
    await createGroup();
    for (const names of batches(missing, 100)) {
      // Refused as a conflict when an answer was lost and the request sent again; what counts is what stands afterwards.
      await call(options, {
        method: "POST",
        path: `${at}/batch/create`,
        scope: write,
        expect: [409],
        body: { inputs: names.map((name) => definition(name, wanted.get(name) as Field)) },
      });
    }
    const made = await list();
    for (const [name, field] of wanted) {
      const property = made.get(name);
      if (property === undefined) {
        throw new InchwormError(
          "rejected",
          `hubspot: the property "${name}" could not be created.`,
          {
            hint: "See under Settings > Properties whether one of that name lies in the archive, or whether the account's limit is reached.",
          },
        );
      }
      fits(name, field, property);
    }
  }

  async function createGroup(): Promise<void> {
    const { body } = await call(options, { method: "GET", path: `${at}/groups`, scope: read });
    if (objects(body, "results").some((group) => group.name === settings.group)) return;
    await call(options, {
      method: "POST",
      path: `${at}/groups`,
      scope: write,
      expect: [409],
      body: { name: settings.group, label: "Inchworm", displayOrder: -1 },
    });
  }

  async function amend(name: string): Promise<void> {
    const body = { ...newTexts(name), ...newOptions(name) };
    if (Object.keys(body).length === 0) return;
    await call(options, { method: "PATCH", path: `${at}/${name}`, scope: write, body });
  }

  function newTexts(name: string): { readonly label?: string; readonly description?: string } {
    const property = standing.get(name);
    const field = wanted.get(name) as Field;
    // What somebody has moved to a group of theirs is theirs to describe.
    if (property?.group !== settings.group) return {};
    return {
      ...(property.label === field.label ? {} : { label: field.label }),
      ...((property.description ?? "") === field.description
        ? {}
        : { description: field.description }),
    };
  }

  function newOptions(name: string): { readonly options?: readonly Record<string, unknown>[] } {
    const has = standing.get(name)?.options ?? [];
    const known = new Set(has.map((option) => option.value));
    const lacking = (wanted.get(name)?.options ?? []).filter((option) => !known.has(option));
    if (kind(wanted.get(name) as Field).type !== "enumeration" || lacking.length === 0) return {};
    // The list replaces the old one, so all that stands goes back with it.
    return {
      options: [...has, ...lacking.map((option, index) => choice(option, has.length + index))],
    };
  }

  function definition(name: string, field: Field): Record<string, unknown> {
    const enumeration = kind(field).type === "enumeration";
    return {
      name,
      label: field.label,
      description: field.description,
      groupName: settings.group,
      formField: false,
      ...kind(field),
      ...(enumeration ? { options: (field.options ?? []).map(choice) } : {}),
    };
  }
}

function fits(name: string, field: Field, property: Standing | undefined): void {
  if (property === undefined) return;
  const { type } = kind(field);
  if (property.type !== type) {
    throw new InchwormError(
      "rejected",
      `hubspot: the property "${name}" exists with type ${redact(String(property.type))}, and ${type} is needed.`,
      { hint: 'Choose another "prefix", or delete that property in HubSpot.' },
    );
  }
  if (property.readOnly) {
    throw new InchwormError(
      "rejected",
      `hubspot: the property "${name}" is calculated or read-only.`,
      { hint: 'Choose another "prefix", or delete that property in HubSpot.' },
    );
  }
}

function choice(value: string, index: number): Record<string, unknown> {
  return { label: value, value, displayOrder: index, hidden: false };
}
