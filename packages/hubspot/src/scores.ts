import { fieldGuard, fieldMapping, objects } from "@inchworm/kit";
import {
  type CallContext,
  type Destination,
  type Field,
  type FieldValue,
  InchwormError,
  type WriteOutcome,
  type WriteRow,
} from "@inchworm/spec";
import type { Connection } from "./connection.js";
import { idsByEmail } from "./ids-by-email.js";
import { makeLists } from "./lists.js";
import { lostRecords } from "./lost.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";
import { prepareProperties } from "./properties.js";
import { type Update, updateRecords } from "./update.js";

/** Inputs of one batch request. https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/guide */
const batchSize = 100;
/** Characters of a text property. https://developers.hubspot.com/docs/api-reference/legacy/crm/properties/guide */
const longestText = 65_536;

/** Scores as properties of contacts. Contacts are updated by record id; none is created, and no other property is touched. */
export function scores(settings: Settings, call: Connection): Destination {
  const at = paths(settings.apiVersion).contacts;
  const mapping = fieldMapping("hubspot", settings.prefix);
  const guard = fieldGuard("hubspot");
  const lost = lostRecords(call, at);
  const prepared = new Map<string, Field>();

  const batchRead = (
    inputs: readonly string[],
    properties: readonly string[],
    context: CallContext,
  ) =>
    call(context, {
      method: "POST",
      path: `${at}/batch/read`,
      scope: "crm.objects.contacts.read",
      expect: [404],
      body: {
        properties,
        propertiesWithHistory: [],
        inputs: inputs.map((id) => ({ id })),
      },
    });

  return {
    name: `${settings.system}:scores`,
    account: { system: settings.system, lanes: settings.lanes },
    batchSize,
    lane: "standard",

    async prepare(fields, options) {
      lost.renew();
      const found = await prepareProperties(settings, call, mapping, fields, options);
      for (const field of fields) prepared.set(field.name, field);
      guard.allow(options.dryRun ? found.present : [...found.present, ...found.missing]);
      return found;
    },

    makeLists: (fields, context) =>
      makeLists(settings, call, (name) => mapping.name(name), fields, context),

    resolve: (emails, context) => idsByEmail(call, at, emails, context),

    async write(rows, context) {
      atMost("write", rows.length);
      const updates = new Map<string, Update>();
      const outcomes = rows.map((row): WriteOutcome | undefined => {
        if (updates.has(row.recordId))
          return skipped(row, "duplicate", "The batch holds it twice.");
        const unfit = Object.entries(row.values).find(([name, value]) => flaw(name, value));
        if (unfit !== undefined || !/^\d+$/.test(row.recordId)) {
          const code = unfit === undefined ? "INVALID_ID" : flaw(...unfit);
          const what =
            unfit === undefined ? "This is no record id." : `${unfit[0]} cannot be sent.`;
          return {
            recordId: row.recordId,
            outcome: "failed",
            code: code ?? "REFUSED",
            message: what,
            retryable: false,
          };
        }
        const properties = Object.fromEntries(
          Object.entries(row.values).map(([name, value]) => {
            const field = prepared.get(name);
            return [mapping.name(name), field === undefined ? "" : mapping.text(value, field)];
          }),
        );
        if (Object.keys(properties).length === 0) return skipped(row, "empty", "Nothing to write.");
        updates.set(row.recordId, { id: row.recordId, properties });
        return undefined;
      });
      const written = await updateRecords(call, at, guard, lost, [...updates.values()], context);
      return rows.map(
        ({ recordId }, index) => outcomes[index] ?? (written.get(recordId) as WriteOutcome),
      );
    },

    async read(recordIds, fields, context) {
      atMost("read", recordIds.length);
      const names = fields.map((field) => [field, mapping.name(field.name)] as const);
      const ids = [...new Set(recordIds)].filter((id) => /^\d+$/.test(id));
      if (ids.length === 0) return recordIds.map(() => undefined);
      const asked = names.map(([, name]) => name);
      const { body } = await batchRead(ids, asked, context);
      // A merged record is answered under its survivor's id, which was not asked for: it counts as gone.
      const found = new Map(
        objects(body, "results").map((result) => [
          String(result.id),
          (result.properties ?? {}) as Record<string, unknown>,
        ]),
      );
      return recordIds.map((id) => {
        const properties = found.get(id);
        if (properties === undefined) return undefined;
        return Object.fromEntries(
          names.map(([field, name]) => [field.name, mapping.value(properties[name], field)]),
        );
      });
    },
  };

  function flaw(name: string, value: FieldValue): string | undefined {
    const field = prepared.get(name);
    if (field === undefined || value === null) return undefined;
    if (field.type === "number") {
      return typeof value === "number" && Number.isFinite(value) ? undefined : "INVALID_NUMBER";
    }
    if (field.type === "category" && field.options?.includes(String(value)) === false) {
      return "INVALID_OPTION";
    }
    return String(value).length > longestText ? "TOO_LONG" : undefined;
  }
}

function atMost(verb: string, count: number): void {
  if (count <= batchSize) return;
  throw new InchwormError(
    "input",
    `hubspot: ${verb} takes at most ${batchSize} records at a time, got ${count}.`,
  );
}

function skipped(row: WriteRow, code: string, message: string): WriteOutcome {
  return { recordId: row.recordId, outcome: "skipped", code, message, retryable: false };
}
