/** The types of fields that the stand-in knows, as `describe` names them. */
export type FieldType =
  | "id"
  | "string"
  | "textarea"
  | "email"
  | "phone"
  | "picklist"
  | "boolean"
  | "double"
  | "currency"
  | "int"
  | "date"
  | "datetime"
  | "reference";

export interface FieldDefinition {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly custom: boolean;
  /** Characters of a text. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** May be empty. */
  readonly nillable: boolean;
  readonly calculated: boolean;
  readonly externalId: boolean;
  readonly help?: string;
  readonly restricted?: boolean;
  readonly values?: readonly string[];
  readonly referenceTo?: string;
  /** The name by which a query goes over the reference. */
  readonly relationship?: string;
  /** The name by which a query of the referenced object finds these. */
  readonly children?: string;
}

export interface ObjectDefinition {
  readonly name: string;
  readonly keyPrefix: string;
  readonly createable: boolean;
  readonly deletable: boolean;
  /** Merging and undeleting leave a trace in `MasterRecordId`. */
  readonly mergeable: boolean;
  readonly fields: Map<string, FieldDefinition>;
}

const systemFields = [
  "Id id",
  "IsDeleted boolean r",
  "CreatedDate datetime r",
  "CreatedById reference r >User",
  "LastModifiedDate datetime r",
  "LastModifiedById reference r >User",
  "SystemModstamp datetime r",
];

/**
 * Reads one line of a schema: name, type with its length (or precision and scale), and marks: `!` must be given, `r` nobody may
 * write it, `c` only when the record is made, `>Account:Account:Contacts` a reference, the name of the way there and of the way back,
 * `=A|B` the values of a picklist.
 */
export function field(line: string): FieldDefinition {
  const [name, kind, ...marks] = line.split(" ");
  const [, type, size = ""] = kind.match(/^(\w+)(?:\((.*)\))?$/) as RegExpMatchArray;
  const [first, second] = size.split(",").map(Number);
  const reference = marks
    .find((mark) => mark.startsWith(">"))
    ?.slice(1)
    .split(":");
  const values = marks
    .find((mark) => mark.startsWith("="))
    ?.slice(1)
    .split("|");
  const readOnly = marks.includes("r") || type === "id";
  const custom = name.endsWith("__c");
  const relationship = reference?.[1] ?? reference?.[0];
  return {
    name,
    type: type as FieldType,
    label: name.replace(/__c$/, "").replaceAll("_", " "),
    custom,
    length:
      size === ""
        ? ({ textarea: 32_768, email: 80, phone: 40, reference: 18, id: 18 }[type] ?? 255)
        : first,
    precision: second === undefined ? 18 : first,
    scale: second ?? (type === "currency" || type === "double" ? 2 : 0),
    createable: !readOnly,
    updateable: !readOnly && !marks.includes("c"),
    nillable: !marks.includes("!") && type !== "boolean" && type !== "id",
    calculated: false,
    externalId: false,
    ...(values && { values }),
    ...(reference && { referenceTo: reference[0] }),
    ...(relationship !== undefined && { relationship }),
    ...(reference?.[2] !== undefined && { children: reference[2] }),
  };
}

export function object(
  name: string,
  keyPrefix: string,
  lines: readonly string[],
  marks = "",
): ObjectDefinition {
  const mergeable = marks.includes("m");
  const all = [
    ...systemFields,
    ...(mergeable ? [`MasterRecordId reference r >${name}:MasterRecord`] : []),
    ...lines,
  ];
  const fields = all.map(field);
  return {
    name,
    keyPrefix,
    createable: !marks.includes("r"),
    deletable: !marks.includes("r"),
    mergeable,
    fields: new Map(fields.map((one) => [one.name.toLowerCase(), one])),
  };
}
