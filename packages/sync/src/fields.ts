import {
  type CallContext,
  type Destination,
  type Field,
  InchwormError,
  type Ledger,
} from "@inchworm/spec";

export interface InspectedFields {
  /** Fields of earlier plans that are published no more and still stand at the destination. */
  readonly retired: readonly Field[];
  /** `Field.name` of published fields that do not stand there. */
  readonly missing: ReadonlySet<string>;
  /** The vendor's names of those. */
  readonly missingNames: readonly string[];
}

/** Looks which of our fields stand at the destination; makes none. */
export async function inspectFields(
  destination: Destination,
  ledger: Ledger,
  fields: readonly Field[],
  context: CallContext,
): Promise<InspectedFields> {
  const look = (some: readonly Field[]) => destination.prepare(some, { ...context, dryRun: true });
  const prepared = fields.length > 0 ? await look(fields) : { missing: [], present: [] };
  const published = new Set(fields.map(({ name }) => name));
  const missing = new Set<string>();
  if (prepared.present.length === 0) for (const { name } of fields) missing.add(name);
  else if (prepared.missing.length > 0)
    // the answer has the vendor's names: which of ours are missing is asked one by one
    for (const field of fields)
      if ((await look([field])).missing.length > 0) missing.add(field.name);

  const retired: Field[] = [];
  for (const field of await ledger.knownFields(destination.name))
    if (!published.has(field.name) && (await stands(field, look))) retired.push(field);
  return { retired, missing, missingNames: prepared.missing };
}

async function stands(
  field: Field,
  look: (fields: readonly Field[]) => ReturnType<Destination["prepare"]>,
): Promise<boolean> {
  try {
    return (await look([field])).present.length > 0;
  } catch (error) {
    // made again by somebody else with another type: no longer ours to clear
    if (InchwormError.is(error, "rejected")) return false;
    throw error;
  }
}
