import { instantText } from "../stand-in/times.js";
import { invalid, Refusal } from "./refusal.js";
import {
  type StandardProperty,
  standardGroups,
  standardProperties,
} from "./standard-properties.js";
import type { HubspotPropertyInput } from "./types.js";

export interface PropertyOption {
  readonly label: string;
  readonly value: string;
}

export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly groupName: string;
  readonly type: HubspotPropertyInput["type"];
  readonly fieldType: string;
  readonly options: readonly PropertyOption[];
  /** The options' values, for properties that have options. */
  readonly allowed: ReadonlySet<string> | undefined;
  readonly hasUniqueValue: boolean;
  readonly readOnly: boolean;
  readonly calculated: boolean;
  readonly hubspotDefined: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  archivedAt: number | undefined;
}

const fieldTypes: Readonly<Record<HubspotPropertyInput["type"], readonly string[]>> = {
  string: ["text", "textarea", "file", "html", "phonenumber"],
  number: ["number", "calculation_equation"],
  date: ["date"],
  datetime: ["date"],
  enumeration: ["select", "radio", "checkbox", "booleancheckbox"],
  bool: ["booleancheckbox", "calculation_equation"],
};
const yesNo = [
  { label: "Yes", value: "true" },
  { label: "No", value: "false" },
];
const namePattern = /^[a-z][a-z0-9_]{0,99}$/;
// https://developers.hubspot.com/docs/api-reference/legacy/crm/properties/guide
const mostUnique = 10;

export function isPropertyName(name: string): boolean {
  return namePattern.test(name);
}

/** The contact properties and property groups of a portal. */
export class PropertyBook {
  readonly groups = new Map<string, { name: string; label: string; displayOrder: number }>();
  readonly #properties = new Map<string, PropertyDefinition>();

  constructor(now: number) {
    for (const { name, label } of standardGroups) this.#group(name, label, -1);
    for (const standard of standardProperties) this.#declare(standard, now, true);
  }

  /** Archived ones are gone for every purpose but the archived list. */
  get(name: string): PropertyDefinition | undefined {
    const property = this.#properties.get(name);
    return property?.archivedAt === undefined ? property : undefined;
  }

  list(archived: boolean): PropertyDefinition[] {
    return [...this.#properties.values()].filter(
      ({ archivedAt }) => (archivedAt !== undefined) === archived,
    );
  }

  /** @throws Refusal 400 for a definition that is none, 409 when it exists */
  create(input: unknown, now: number): PropertyDefinition {
    const wanted = propertyInput(input);
    this.#requireGroup(wanted.groupName);
    if (this.get(wanted.name)) {
      throw new Refusal(
        409,
        "OBJECT_ALREADY_EXISTS",
        `A property named '${wanted.name}' already exists.`,
        { context: { name: [wanted.name] } },
      );
    }
    const unique = this.list(false).filter((one) => one.hasUniqueValue && !one.hubspotDefined);
    if (wanted.hasUniqueValue && unique.length >= mostUnique) {
      throw invalid(`An object can have at most ${mostUnique} properties with unique values.`);
    }
    return this.#declare(wanted, now, false);
  }

  createGroup(input: unknown): { name: string; label: string; displayOrder: number } {
    const { name, label, displayOrder } = (input ?? {}) as Record<string, unknown>;
    if (typeof name !== "string" || !namePattern.test(name)) throw badName("name", name);
    if (typeof label !== "string" || label === "") throw invalid("A property group needs a label");
    if (this.groups.has(name)) {
      throw new Refusal(
        409,
        "OBJECT_ALREADY_EXISTS",
        `A property group named '${name}' already exists.`,
        { context: { name: [name] } },
      );
    }
    return this.#group(name, label, typeof displayOrder === "number" ? displayOrder : -1);
  }

  /**
   * Puts what is given in place of what stands; a list of options replaces the whole list.
   *
   * @throws Refusal 404, or 400 for one that belongs to the portal or would be none
   */
  update(name: string, input: Readonly<Record<string, unknown>>, now: number): PropertyDefinition {
    const property = this.get(name);
    if (!property) throw propertyNotFound(name);
    if (property.hubspotDefined) throw invalid(`Property ${name} cannot be changed`);
    const { label, description, groupName, type, fieldType, options, hasUniqueValue } = property;
    const standing = { label, description, groupName, type, fieldType, options, hasUniqueValue };
    const wanted = propertyInput({ ...standing, ...input, name });
    this.#requireGroup(wanted.groupName);
    const { createdAt } = property;
    const changed = { ...this.#declare(wanted, now, false), createdAt };
    this.#properties.set(name, changed);
    return changed;
  }

  /** @throws Refusal 404, or 400 for one that belongs to the portal */
  archive(name: string, now: number): void {
    const property = this.get(name);
    if (!property) throw propertyNotFound(name);
    if (property.hubspotDefined) throw invalid(`Property ${name} cannot be archived`);
    property.archivedAt = now;
  }

  #requireGroup(name: string): void {
    if (this.groups.has(name)) return;
    throw invalid(`Property group ${name} does not exist`, { groupName: [name] });
  }

  #group(name: string, label: string, displayOrder: number) {
    const group = { name, label, displayOrder };
    this.groups.set(name, group);
    return group;
  }

  #declare(input: StandardProperty, now: number, hubspotDefined: boolean): PropertyDefinition {
    const options = input.options ?? (input.type === "bool" ? yesNo : []);
    const property = {
      name: input.name,
      label: input.label ?? input.name,
      description: input.description ?? "",
      groupName: input.groupName ?? "contactinformation",
      type: input.type,
      fieldType: input.fieldType,
      options,
      allowed: options.length > 0 ? new Set(options.map(({ value }) => value)) : undefined,
      hasUniqueValue: (input.hasUniqueValue ?? false) || input.name === "email",
      readOnly: input.readOnly ?? false,
      calculated: input.calculated ?? false,
      hubspotDefined,
      createdAt: now,
      updatedAt: now,
      archivedAt: undefined,
    };
    this.#properties.set(input.name, property);
    return property;
  }
}

export function propertyNotFound(name: string): Refusal {
  return new Refusal(404, "OBJECT_NOT_FOUND", `Property ${name} does not exist`, {
    context: { name: [name] },
  });
}

export function propertyBody(property: PropertyDefinition): Record<string, unknown> {
  const { name, label, description, groupName, type, fieldType, hasUniqueValue } = property;
  return {
    name,
    label,
    description,
    groupName,
    type,
    fieldType,
    options: property.options.map((option, displayOrder) => ({
      ...option,
      displayOrder,
      hidden: false,
    })),
    displayOrder: -1,
    hasUniqueValue,
    hidden: false,
    formField: false,
    calculated: property.calculated,
    externalOptions: false,
    hubspotDefined: property.hubspotDefined,
    archived: property.archivedAt !== undefined,
    ...(property.archivedAt !== undefined && { archivedAt: instantText(property.archivedAt) }),
    createdAt: instantText(property.createdAt),
    updatedAt: instantText(property.archivedAt ?? property.updatedAt),
    modificationMetadata: {
      archivable: !property.hubspotDefined,
      readOnlyDefinition: property.hubspotDefined,
      readOnlyValue: property.readOnly,
    },
  };
}

function propertyInput(input: unknown): HubspotPropertyInput & { readonly groupName: string } {
  const { name, label, groupName, type, fieldType, options, description, hasUniqueValue } =
    (input ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || !namePattern.test(name)) throw badName("name", name);
  if (name.startsWith("hs_")) throw invalid(`Property name ${name}: the prefix hs_ is reserved`);
  if (typeof label !== "string" || label === "") throw missing(name, "label");
  if (typeof groupName !== "string" || groupName === "") throw missing(name, "groupName");
  if (typeof type !== "string" || !Object.hasOwn(fieldTypes, type)) throw missing(name, "type");
  const known = type as HubspotPropertyInput["type"];
  if (typeof fieldType !== "string" || !fieldTypes[known].includes(fieldType)) {
    throw invalid(`Property ${name}: field type ${String(fieldType)} does not fit type ${type}`);
  }
  if (description !== undefined && typeof description !== "string") {
    throw invalid(`Property ${name}: the description is not text`);
  }
  return {
    name,
    label,
    groupName,
    type: known,
    fieldType,
    ...(description !== undefined && { description }),
    ...(known === "enumeration" || (known === "bool" && options !== undefined)
      ? { options: propertyOptions(name, options) }
      : {}),
    hasUniqueValue: hasUniqueValue === true,
  };
}

function propertyOptions(name: string, options: unknown): PropertyOption[] {
  if (!Array.isArray(options) || options.length === 0) throw missing(name, "options");
  const taken = new Set<string>();
  return options.map((option) => {
    const { label, value } = (option ?? {}) as Record<string, unknown>;
    if (typeof label !== "string" || typeof value !== "string" || label === "" || value === "") {
      throw invalid(`Property ${name}: every option needs a label and a value`);
    }
    if (taken.has(value)) throw invalid(`Property ${name}: option ${value} is there twice`);
    taken.add(value);
    return { label, value };
  });
}

function missing(name: string, field: string): Refusal {
  return invalid(`Property ${name}: ${field} is missing or invalid`, { propertyName: [name] });
}

function badName(field: string, name: unknown): Refusal {
  return invalid(
    `${field} must be lower-case letters, digits and underscores, begin with a letter and have at most 100 characters: ${String(name)}`,
  );
}
