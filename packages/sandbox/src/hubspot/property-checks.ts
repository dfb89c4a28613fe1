import type { Portal } from "./portal.js";
import { normalise } from "./property-values.js";
import { invalid, type PropertyProblem } from "./refusal.js";

/** What became of the properties of one input. */
export interface CheckedProperties {
  /** Unknown or read-only properties: they fail the whole request. */
  readonly refused: readonly PropertyProblem[];
  /** Values that do not fit their property. */
  readonly unfit: readonly PropertyProblem[];
  /** The values as they will be kept. */
  readonly values: ReadonlyMap<string, string>;
}

/** Text, or a number or boolean that becomes text; null is refused: "" is what clears a property. @throws Refusal 400 */
export function readProperties(value: unknown): Map<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("Invalid input JSON: properties is not an object");
  }
  const properties = new Map<string, string>();
  for (const [name, raw] of Object.entries(value)) {
    if (typeof raw !== "string" && typeof raw !== "number" && typeof raw !== "boolean") {
      throw invalid(`Invalid input JSON: the value of property ${name} is not text`, {
        propertyName: [name],
      });
    }
    properties.set(name, String(raw));
  }
  return properties;
}

export function checkProperties(
  portal: Portal,
  sent: ReadonlyMap<string, string>,
): CheckedProperties {
  const refused: PropertyProblem[] = [];
  const unfit: PropertyProblem[] = [];
  const values = new Map<string, string>();
  for (const [name, raw] of sent) {
    const property = portal.properties.get(name);
    if (!property) {
      refused.push({
        name,
        code: "PROPERTY_DOESNT_EXIST",
        message: `Property "${name}" does not exist`,
      });
    } else if (property.readOnly) {
      refused.push({
        name,
        code: "READ_ONLY_VALUE",
        message: `"${name}" is a read only property; its value cannot be set.`,
      });
    } else {
      const kept = normalise(property, raw);
      if ("value" in kept) values.set(name, kept.value);
      else unfit.push({ name, ...kept });
    }
  }
  return { refused, unfit, values };
}

/**
 * The record id of another contact that has one of the unique values already. `claimed` holds the values of the batch so far and
 * takes in these.
 */
export function clash(
  portal: Portal,
  slot: number,
  values: ReadonlyMap<string, string>,
  claimed = new Set<string>(),
): string | undefined {
  for (const [name, value] of values) {
    if (value === "" || !portal.properties.get(name)?.hasUniqueValue) continue;
    const owner = portal.contacts.slotByValue(name, value);
    if (owner >= 0 && owner !== slot) return String(portal.contacts.id(owner));
    const claim = `${name} ${value}`;
    if (claimed.has(claim)) return "of the same batch";
    claimed.add(claim);
  }
  return undefined;
}
