import { redact } from "@inchworm/kit";
import { type CallContext, type Field, InchwormError, type Prepared } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Names } from "./names.js";
import { pages } from "./pages.js";
import { refusal } from "./refusal.js";

const path = "objects/custom-fields";
const needs = "the ability Prospects > Prospects > Configure Fields";

export interface CustomField {
  /** The API name, such as "inchworm_churn_probability__c". */
  readonly name: string;
  readonly type: string;
}

/** Custom fields of prospects by their API names in lower case. */
export async function customFields(
  call: Connection,
  context: CallContext,
): Promise<ReadonlyMap<string, CustomField>> {
  const found = new Map<string, CustomField>();
  const query = { path, fields: ["id", "fieldId", "type"], pageSize: 1_000, needs };
  for await (const { records } of pages(call, context, query)) {
    for (const { fieldId, type } of records) {
      const name = `${String(fieldId).replace(/__c$/i, "")}__c`;
      found.set(name.toLowerCase(), { name, type: String(type) });
    }
  }
  return found;
}

/** The type that a field is made with. The choices of a dropdown cannot be given through the API, so a category is a text. */
export function typeOf(field: Field): "Number" | "Textarea" | "Text" {
  if (field.type === "number") return "Number";
  return field.type === "text" ? "Textarea" : "Text";
}

/**
 * Sees that the custom fields stand, and makes the missing ones where the user's role may: looks first, deletes and changes nothing.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/custom-field-v5.html
 */
export async function prepareFields(
  call: Connection,
  named: Names,
  fields: readonly Field[],
  options: CallContext & { readonly dryRun?: boolean },
): Promise<Prepared> {
  const wanted = new Map(fields.map((field) => [named.name(field.name), field]));
  const standing = await look();
  for (const [name, field] of wanted) fits(name, field, standing.get(name.toLowerCase()));
  const missing = [...wanted.keys()].filter((name) => !standing.has(name.toLowerCase()));
  const present = [...wanted.keys()].filter((name) => standing.has(name.toLowerCase()));
  if (options.dryRun !== true) for (const name of missing) await create(name);
  return { missing, present };

  async function look(): Promise<ReadonlyMap<string, CustomField>> {
    try {
      return await customFields(call, options);
    } catch (error) {
      if (!InchwormError.is(error, "scope")) throw error;
      throw byHand([...wanted.keys()], error);
    }
  }

  async function create(name: string): Promise<void> {
    const field = wanted.get(name) as Field;
    const answer = await call(options, {
      method: "POST",
      path,
      query: { fields: "id,fieldId" },
      body: {
        name: field.label,
        fieldId: name.replace(/__c$/, ""),
        type: typeOf(field),
        isRecordMultipleResponses: false,
        isUseValues: false,
      },
      needs,
      expect: [400],
    }).catch((error: unknown) => {
      if (!InchwormError.is(error, "scope")) throw error;
      throw byHand(missing, error);
    });
    if (answer.status !== 400) return;
    // refused as a twin when an answer was lost and the request sent again: what counts is what stands afterwards
    const made = (await look()).get(name.toLowerCase());
    if (made !== undefined) return fits(name, field, made);
    const { message } = refusal(answer.text);
    throw new InchwormError(
      "rejected",
      `account-engagement: the custom field "${name}" could not be made. Account Engagement says: ${redact(message)}`,
      { hint: "See whether the business unit has room for more custom fields." },
    );
  }

  /** What an administrator has to do. */
  function byHand(names: readonly string[], cause: InchwormError): InchwormError {
    const what = names.map((name) => {
      const field = wanted.get(name) as Field;
      return `${name.replace(/__c$/, "")} (${typeOf(field)})`;
    });
    return new InchwormError(
      "scope",
      `account-engagement: these custom fields of prospects must stand, and the user may not look at them or make them: ${what.join(", ")}.`,
      {
        hint: `Give the user's role ${needs}; or let an administrator make them under Account Engagement Settings > Object and Field Configuration > Prospect Fields, and give the role the ability all the same, for it is needed to see them.`,
        ...(cause.vendorCode === undefined ? {} : { vendorCode: cause.vendorCode }),
      },
    );
  }
}

function fits(name: string, field: Field, standing: CustomField | undefined): void {
  if (standing === undefined || standing.type === typeOf(field)) return;
  throw new InchwormError(
    "rejected",
    `account-engagement: the custom field "${name}" exists with type ${redact(standing.type)}, and ${typeOf(field)} is needed.`,
    { hint: 'Choose another "prefix", or delete that field in Account Engagement.' },
  );
}
