import type { Answer } from "../stand-in/answer.js";
import type { Account } from "./account.js";
import { type Call, jsonObject, pageOf, timeText } from "./call.js";
import { existing, ok } from "./member-routes.js";
import type { Member } from "./member-table.js";
import type { MergeField } from "./merge-fields.js";
import { invalid, notFound } from "./problem.js";

export function root(call: Call): Answer {
  const { account } = call;
  return ok(call, {
    account_id: account.accountId,
    login_id: account.accountId.slice(0, 8),
    account_name: "Sandbox",
    email: "operator@example.com",
    first_name: "Ada",
    last_name: "Lovelace",
    username: "sandbox",
    role: "owner",
    member_since: "2020-01-01T00:00:00+00:00",
    pricing_plan_type: "monthly",
    account_timezone: "UTC",
    account_industry: "eCommerce",
    pro_enabled: false,
    last_login: timeText(account.now()),
    total_subscribers: account.members.size,
  });
}

export function ping(call: Call): Answer {
  return ok(call, { health_status: "Everything's Chimpy!" });
}

export function listLists(call: Call): Answer {
  const { page, total_items } = pageOf([listBody(call.account)], call.query);
  const constraints = { may_create: false, max_instances: 1, current_total_instances: 1 };
  return ok(call, { lists: page, total_items, constraints });
}

export function getList(call: Call): Answer {
  return ok(call, listBody(call.account));
}

function listBody(account: Account): Record<string, unknown> {
  const statuses: Record<string, number> = {};
  for (const { status } of account.members.all()) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    id: account.audience,
    web_id: 1,
    name: "Sandbox",
    contact: { company: "Sandbox", address1: "", city: "", state: "", zip: "", country: "US" },
    permission_reminder: "You signed up at our shop.",
    use_archive_bar: true,
    campaign_defaults: {
      from_name: "Sandbox",
      from_email: "shop@example.com",
      subject: "",
      language: "en",
    },
    notify_on_subscribe: "",
    notify_on_unsubscribe: "",
    date_created: "2020-01-01T00:00:00+00:00",
    list_rating: 3,
    email_type_option: false,
    visibility: "prv",
    double_optin: false,
    has_welcome: false,
    marketing_permissions: false,
    modules: [],
    stats: {
      member_count: statuses.subscribed ?? 0,
      total_contacts: account.members.size,
      unsubscribe_count: statuses.unsubscribed ?? 0,
      cleaned_count: statuses.cleaned ?? 0,
      campaign_count: account.campaigns.list().length,
      merge_field_count: account.fields.list().length,
    },
  };
}

export function listMergeFields(call: Call): Answer {
  const { account, query } = call;
  const type = query.get("type");
  const fields = account.fields.list().filter((field) => type === null || field.type === type);
  const { page, total_items } = pageOf(fields, query);
  const merge_fields = page.map((field) => fieldBody(account, field));
  return ok(call, { merge_fields, list_id: account.audience, total_items });
}

export function createMergeField(call: Call): Answer {
  return ok(call, fieldBody(call.account, call.account.fields.create(jsonObject(call))));
}

export function getMergeField(call: Call): Answer {
  return ok(call, fieldBody(call.account, mergeField(call)));
}

export function updateMergeField(call: Call): Answer {
  const field = mergeField(call);
  call.account.fields.change(field, jsonObject(call));
  return ok(call, fieldBody(call.account, field));
}

/** The values of all members go with it. */
export function deleteMergeField(call: Call): Answer {
  call.account.removeField(mergeField(call).tag);
  return { status: 204 };
}

function mergeField({ account, params }: Call): MergeField {
  const field = account.fields.byId(params.merge_id);
  if (field) return field;
  throw notFound();
}

function fieldBody(account: Account, field: MergeField): Record<string, unknown> {
  return {
    merge_id: field.id,
    tag: field.tag,
    name: field.name,
    type: field.type,
    required: field.required,
    default_value: field.defaultValue,
    public: field.public,
    display_order: field.order,
    options: {
      ...(field.type === "text" && { size: 25 }),
      ...(field.choices.length > 0 && { choices: field.choices }),
    },
    help_text: field.helpText,
    list_id: account.audience,
  };
}

/** Of members' tags the hash is described as the only name, where other paths take contact ids and addresses as well. */
function taggable(call: Call): Member {
  const member = existing(call);
  if (member.hash !== call.params.subscriber_hash) throw notFound();
  return member;
}

export function memberTags(call: Call): Answer {
  const { account, query } = call;
  const tags = [...taggable(call).tags].map((name) => ({
    id: account.tags.get(name),
    name,
    date_added: timeText(account.now()),
  }));
  const { page, total_items } = pageOf(tags, query);
  return ok(call, { tags: page, total_items });
}

/** Tags are made as they are first given. A tag that a member does not have can be taken away all the same. */
export function changeMemberTags(call: Call): Answer {
  const { account } = call;
  const body = jsonObject(call);
  if (!Array.isArray(body.tags)) throw invalid("tags", "Required fields were not provided: tags");
  for (const tag of body.tags) {
    const known = tag?.status === "active" || tag?.status === "inactive";
    if (typeof tag?.name !== "string" || tag.name === "" || tag.name.length > 100 || !known) {
      throw invalid("tags", "Data did not match any of the schemas described in anyOf.");
    }
  }
  const member = taggable(call);
  for (const { name, status } of body.tags) {
    const active = status === "active";
    account.tag(member, name, active);
    const syncing = body.is_syncing === true;
    account.journal.tagWrites.push({ contactId: member.contactId, tag: name, active, syncing });
  }
  account.touch(member);
  return { status: 204 };
}

export function searchTags(call: Call): Answer {
  const begin = (call.query.get("name") ?? "").toLowerCase();
  const tags = [...call.account.tags]
    .filter(([name]) => name.toLowerCase().startsWith(begin))
    .map(([name, id]) => ({ id, name }));
  return ok(call, { tags, total_items: tags.length });
}
