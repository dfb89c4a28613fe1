import { objects, redact } from "@inchworm/kit";
import { type CallContext, type Field, InchwormError, type Prepared } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { MergeTags } from "./merge-tags.js";
import type { Settings } from "./options.js";

const fieldsPath = "/lists/{list_id}/merge-fields";

export interface StandingField {
  readonly tag: string;
  readonly type: string;
  readonly required: boolean;
}

/** Every merge field of the audience. */
export async function listMergeFields(
  settings: Settings,
  call: Connection,
  context: CallContext,
): Promise<readonly StandingField[]> {
  const { body } = await call(context, {
    method: "GET",
    path: fieldsPath,
    params: { list_id: settings.audience },
    query: { count: "1000", fields: "merge_fields.tag,merge_fields.type,merge_fields.required" },
  });
  return objects(body, "merge_fields").map(({ tag, type, required }) => ({
    tag: String(tag),
    type: String(type),
    required: required === true,
  }));
}

/** A choice among options is text as well: choices of a dropdown could not be added without touching those that stand. */
const typeOf = ({ type }: Field) => (type === "number" ? "number" : "text");

/**
 * Sees that the merge fields stand: reads first, creates only what is missing, changes and deletes nothing. They are hidden from the
 * audience's forms.
 *
 * @throws InchwormError "rejected" when one stands with another type, or the audience has no room for the missing ones
 */
export async function prepareMergeFields(
  settings: Settings,
  call: Connection,
  tags: MergeTags,
  fields: readonly Field[],
  options: CallContext & { readonly dryRun?: boolean },
): Promise<Prepared> {
  tags.distinct(fields);
  const wanted = new Map(fields.map((field) => [tags.name(field.name), field]));
  const standing = await read();
  const missing = [...wanted.keys()].filter((tag) => !standing.has(tag));
  const present = [...wanted.keys()].filter((tag) => standing.has(tag));
  const most = settings.mostMergeFields;
  if (missing.length > 0 && standing.size + missing.length > most) {
    throw new InchwormError(
      "rejected",
      `mailchimp: the audience has ${standing.size} of ${most} merge fields, and ${missing.length} more are needed.`,
      {
        hint: 'Name the fields that you need in "fields", use tags, or set "mostMergeFields" to what your plan has (Premium: 80).',
      },
    );
  }
  if (options.dryRun || missing.length === 0) return { missing, present };

  for (const tag of missing) {
    const field = wanted.get(tag) as Field;
    // refused when an answer was lost and the request sent again; what counts is what stands afterwards
    await call(options, {
      method: "POST",
      path: fieldsPath,
      params: { list_id: settings.audience },
      expect: [400],
      body: {
        tag,
        name: field.label,
        type: typeOf(field),
        required: false,
        public: false,
        help_text: String(tags.fit({ ...field, type: "text" }, field.description)),
      },
    });
  }
  const made = await read();
  const lacking = missing.find((tag) => !made.has(tag));
  if (lacking !== undefined) {
    throw new InchwormError(
      "rejected",
      `mailchimp: the merge field ${lacking} could not be created.`,
      { hint: "See under Audience > Settings whether the audience has as many fields as it may." },
    );
  }
  return { missing, present };

  async function read(): Promise<ReadonlyMap<string, StandingField>> {
    const found = await listMergeFields(settings, call, options);
    const byTag = new Map(found.map((field) => [field.tag, field]));
    for (const [tag, field] of wanted) fits(tag, field, byTag.get(tag));
    return byTag;
  }
}

function fits(tag: string, field: Field, standing: StandingField | undefined): void {
  if (standing === undefined || standing.type === typeOf(field)) return;
  throw new InchwormError(
    "rejected",
    `mailchimp: the merge field ${tag} exists with type ${redact(standing.type)}, and ${typeOf(field)} is needed.`,
    {
      hint: 'Choose another "prefix" or a tag of your own in "mergeTags", or delete that field in Mailchimp.',
    },
  );
}

/**
 * Sees that the audience has the merge fields that the user named: a misspelt opt-out would be nobody's.
 *
 * @param named by option
 * @throws InchwormError "config" naming those that are missing
 */
export async function requireMergeFields(
  settings: Settings,
  call: Connection,
  named: Readonly<Record<string, string>>,
  context: CallContext,
): Promise<void> {
  if (Object.keys(named).length === 0) return;
  const standing = new Set((await listMergeFields(settings, call, context)).map(({ tag }) => tag));
  const missing = Object.entries(named).filter(([, tag]) => !standing.has(tag));
  if (missing.length === 0) return;
  const what = missing.map(([option, tag]) => `"${tag}" (${option})`).join(" and no ");
  throw new InchwormError("config", `mailchimp: the audience has no merge field ${what}.`, {
    hint: "Take the tag from Audience > Settings > Audience fields and MERGE tags.",
  });
}
