import type { FieldProblem } from "./problem.js";
import { invalid, Problem } from "./problem.js";
import type { MailchimpFieldInput } from "./types.js";

const types = [
  "text",
  "number",
  "address",
  "phone",
  "date",
  "url",
  "imageurl",
  "radio",
  "dropdown",
  "birthday",
  "zip",
] as const;
type FieldType = (typeof types)[number];

export interface MergeField {
  readonly id: number;
  tag: string;
  name: string;
  readonly type: FieldType;
  required: boolean;
  public: boolean;
  defaultValue: string;
  helpText: string;
  order: number;
  choices: readonly string[];
}

const standard: readonly MailchimpFieldInput[] = [
  { tag: "FNAME", name: "First Name" },
  { tag: "LNAME", name: "Last Name" },
  { tag: "ADDRESS", name: "Address", type: "address" },
  { tag: "PHONE", name: "Phone Number", type: "phone" },
  { tag: "BIRTHDAY", name: "Birthday", type: "birthday" },
];

/** Bytes of a text; what is longer is cut. https://mailchimp.com/developer/marketing/docs/merge-fields/ */
const longestText = 255;

/** The merge fields of the audience. */
export class MergeFieldBook {
  readonly #fields = new Map<string, MergeField>();
  readonly #most: number;
  #next = 1;

  constructor(most: number, more: readonly MailchimpFieldInput[]) {
    this.#most = most;
    for (const { choices, ...field } of [...standard, ...more]) {
      this.create({
        name: field.tag,
        type: "text",
        ...field,
        ...(choices && { options: { choices } }),
      });
    }
  }

  list(): MergeField[] {
    return [...this.#fields.values()];
  }

  get(tag: string): MergeField | undefined {
    return this.#fields.get(tag);
  }

  byId(id: string): MergeField | undefined {
    return this.list().find((field) => String(field.id) === id);
  }

  remove(tag: string): void {
    this.#fields.delete(tag);
  }

  /** @throws Problem 400 */
  create(body: Readonly<Record<string, unknown>>): MergeField {
    if (typeof body.name !== "string" || body.name.trim() === "") {
      throw invalid("name", "Required fields were not provided: name");
    }
    if (!types.includes(body.type as FieldType)) {
      throw invalid("type", "Value must be found in enumeration.");
    }
    const id = this.#next;
    const tag = body.tag === undefined || body.tag === "" ? `MMERGE${id}` : body.tag;
    checkTag(tag);
    if (this.#fields.has(tag)) {
      const detail = `A Merge Field with the tag "${tag}" already exists for this list.`;
      throw new Problem(400, "Bad Request", detail);
    }
    if (this.#fields.size >= this.#most) {
      const detail = `The maximum number of merge fields (${this.#most}) has been reached for this list.`;
      throw new Problem(400, "Bad Request", detail);
    }
    this.#next++;
    const field: MergeField = {
      id,
      tag,
      name: body.name,
      type: body.type as FieldType,
      required: false,
      public: true,
      defaultValue: "",
      helpText: "",
      order: id,
      choices: [],
    };
    this.change(field, body);
    this.#fields.set(tag, field);
    return field;
  }

  /** @throws Problem 400 */
  change(field: MergeField, body: Readonly<Record<string, unknown>>): void {
    if (typeof body.name === "string" && body.name.trim() !== "") field.name = body.name;
    if (typeof body.required === "boolean") field.required = body.required;
    if (typeof body.public === "boolean") field.public = body.public;
    if (typeof body.default_value === "string") field.defaultValue = body.default_value;
    if (typeof body.help_text === "string") field.helpText = body.help_text;
    if (typeof body.display_order === "number") field.order = body.display_order;
    const choices = (body.options as { choices?: unknown } | undefined)?.choices;
    if (Array.isArray(choices)) field.choices = choices.map(String);
    if (typeof body.tag === "string" && body.tag !== field.tag) {
      checkTag(body.tag);
      if (this.#fields.delete(field.tag)) this.#fields.set(body.tag, field);
      field.tag = body.tag;
    }
  }
}

/** @throws Problem 400 */
function checkTag(tag: unknown): asserts tag is string {
  if (typeof tag === "string" && /^[A-Z0-9_]{1,10}$/.test(tag)) return;
  const message = "Merge tags have at most 10 characters: capital letters, digits and underscores.";
  throw invalid("tag", message);
}

/** The value as it is kept, `""` for empty; the problem when it does not fit. */
export function fitted(field: MergeField, value: unknown): unknown | FieldProblem {
  const wrong = (message: string): FieldProblem => ({ field: field.tag, message });
  if (value === "") return "";
  if (field.type === "address") return address(value) ?? wrong("Please enter a complete address");
  if (typeof value !== "string" && typeof value !== "number") {
    const message = "Data did not match any of the schemas described in anyOf.";
    return { field: `merge_fields.${field.tag}`, message };
  }
  const text = String(value);
  switch (field.type) {
    case "number": {
      const number = Number(text.trim());
      const plain = /^[+-]?\d*\.?\d+$/.test(text.trim());
      return plain && Number.isFinite(number) ? number : wrong("Please enter a number");
    }
    case "radio":
    case "dropdown":
      return field.choices.includes(text)
        ? text
        : wrong(`Value must be one of these values: ${field.choices.join(", ")}`);
    case "date":
      return /^\d{4}-\d\d-\d\d$|^\d\d\/\d\d\/\d{4}$/.test(text)
        ? text
        : wrong("Please enter a valid date");
    case "birthday":
      return /^\d\d\/\d\d$/.test(text) ? text : wrong("Please enter a month and a day, MM/DD");
    case "zip":
      return /^\d{5}$/.test(text) ? text : wrong("Please enter a valid zip code");
    case "url":
    case "imageurl":
      return URL.canParse(text) ? text : wrong("Please enter a valid URL");
    default:
      return cut(text);
  }
}

export function isProblem(value: unknown): value is FieldProblem {
  return typeof value === "object" && value !== null && "message" in value && "field" in value;
}

/** Bytes, not letters: a letter in the middle of the cut is spoilt. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length > longestText ? bytes.subarray(0, longestText).toString() : text;
}

function address(value: unknown): unknown {
  const given = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const complete = ["addr1", "city", "state", "zip"].every((part) => given[part]);
  return complete ? { addr2: "", country: "US", ...given } : undefined;
}
