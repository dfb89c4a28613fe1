import { batches, fieldGuard } from "@inchworm/kit";
import {
  type CallContext,
  type Destination,
  type Field,
  InchwormError,
  type WriteOutcome,
  type WriteRow,
} from "@inchworm/spec";
import { awaitJobs, type CellUpdate, ingestUpdates } from "../bulk/ingest-job.js";
import { describe, sees } from "../describe.js";
import { whoAmI } from "../identify.js";
import type { Settings } from "../options.js";
import { listIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";
import { type Bundle, bundle } from "./bundle.js";
import { findByEmail } from "./find.js";
import { names, objectOf, type ScoredObject, type WrittenObject } from "./names.js";
import { prepareFields } from "./prepare.js";
import { type Update, updateRecords } from "./update.js";

/** Records of one request of each kind. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm */
const mostWritten = 200;
const mostRead = 2_000;
/** Making a job, its upload, closing it, looking after it a few times, and reading what became of its rows. */
const requestsOfJob = 10;

export interface Scores extends Destination {
  /** Our fields and the permission set that shows them as an sfdx project: what an administrator deploys where the user may not make them. */
  bundle(fields: readonly Field[]): Bundle;
}

/**
 * Scores as custom fields of contacts, person accounts and leads. Records are updated by their ids; none is created, and no other
 * field is touched.
 */
export function scores(settings: Settings, call: Connection): Scores {
  const scored: readonly ScoredObject[] = settings.leads ? ["Contact", "Lead"] : ["Contact"];
  const inBulk = settings.writing === "bulk";
  const lane = inBulk ? "bulk" : "rest";
  const batchSize = inBulk ? settings.jobRows : mostWritten;
  const named = names(settings.prefix);
  const guard = fieldGuard("salesforce");
  const prepared = new Map<string, Field>();
  let personAccounts: boolean | undefined;

  const hasPersonAccounts = async (context: CallContext): Promise<boolean> => {
    personAccounts ??= sees(await describe(call, "Contact", context), "IsPersonAccount");
    return personAccounts;
  };

  return {
    name: `${settings.system}:scores`,
    account: { system: settings.system, lanes: settings.lanes },
    batchSize,
    ...(inBulk ? { requestsPerBatch: requestsOfJob } : {}),
    lane,

    fit: (field, value) => named.fit(value, field),

    async prepare(fields, options) {
      const found = await prepareFields(settings, call, named, scored, fields, options);
      for (const field of fields) prepared.set(field.name, field);
      const standing =
        options.dryRun === true ? found.present : [...found.present, ...found.missing];
      guard.allow(standing.flatMap((name) => [name, name.replace(/__c$/, "__pc")]));
      if (inBulk && options.dryRun !== true) {
        const { userId } = await whoAmI(call, options);
        await awaitJobs(call, ["Contact", "Lead", "Account"], userId, options);
      }
      return found;
    },

    async resolve(emails, context) {
      if (emails.length === 0) return [];
      const where = { personAccounts: await hasPersonAccounts(context), leads: settings.leads };
      const found: (string | undefined)[] = [];
      // people past the first lots need not wait with them for one long address
      for (const some of batches(emails, mostRead))
        found.push(...(await findByEmail(call, some, where, context)));
      return found;
    },

    async write(rows, context) {
      atMost("write", rows.length);
      const seen = new Set<string>();
      const outcomes = rows.map((row): WriteOutcome | undefined => {
        const { recordId } = row;
        if (seen.has(recordId)) {
          const message = "The batch holds it twice.";
          return { recordId, outcome: "skipped", code: "duplicate", message, retryable: false };
        }
        const found = unfit(row);
        if (found === undefined) seen.add(recordId);
        return found;
      });
      const fit = rows.filter((_, index) => outcomes[index] === undefined);
      // refuses a field that was not prepared before anything is sent, whatever else is wrong
      for (const { recordId, values } of rows) {
        const object = objectOf(recordId) ?? "Contact";
        guard.pass(
          Object.fromEntries(Object.keys(values).map((name) => [named.on(object, name), ""])),
        );
      }
      const written =
        fit.length > mostWritten ? await writeJobs(fit, context) : await writeMany(fit, context);
      return rows.map(
        ({ recordId }, index) => outcomes[index] ?? (written.get(recordId) as WriteOutcome),
      );
    },

    async read(recordIds, fields, context) {
      atMost("read", recordIds.length);
      const found = new Map<string, Record<string, unknown>>();
      const known = [...new Set(recordIds)].filter((id) => objectOf(id) !== undefined);
      for (const object of new Set(known.map((id) => objectOf(id) as WrittenObject))) {
        const ids = known.filter((id) => objectOf(id) === object);
        for (const some of batches(ids, mostRead)) {
          const path = `/composite/sobjects/${object}`;
          const body = {
            ids: some,
            fields: ["Id", ...fields.map(({ name }) => named.on(object, name))],
          };
          const answer = await call(context, {
            method: "POST",
            path,
            body,
            needs: "the right to read the records and our fields",
          });
          // in the order of the ids, null for one that is gone: merged ones too
          for (const [index, record] of listIn(answer, `POST ${path}`).entries()) {
            if (record !== null && some[index] !== undefined) found.set(some[index], record);
          }
        }
      }
      return recordIds.map((id) => {
        const record = found.get(id);
        const object = objectOf(id);
        if (record === undefined || object === undefined) return undefined;
        return Object.fromEntries(
          fields.map((field) => [
            field.name,
            named.value(record[named.on(object, field.name)], field),
          ]),
        );
      });
    },

    bundle: (fields) => bundle(fields, named, scored, settings),
  };

  function unfit(row: WriteRow): WriteOutcome | undefined {
    const { recordId, values } = row;
    const failed = (code: string, message: string): WriteOutcome => ({
      recordId,
      outcome: "failed",
      code,
      message,
      retryable: false,
    });
    if (objectOf(recordId) === undefined)
      return failed("INVALID_ID", "This is no id of a contact, a lead or an account.");
    for (const [name, value] of Object.entries(values)) {
      const field = prepared.get(name);
      const flaw = field === undefined ? undefined : named.flaw(value, field);
      if (flaw !== undefined) return failed(flaw, `${name} cannot be sent.`);
    }
    if (Object.keys(values).length > 0) return undefined;
    return {
      recordId,
      outcome: "skipped",
      code: "empty",
      message: "Nothing to write.",
      retryable: false,
    };
  }

  async function writeMany(rows: readonly WriteRow[], context: CallContext) {
    const updates = rows.map(({ recordId, values }): Update => {
      const object = objectOf(recordId) as WrittenObject;
      const fields = Object.entries(values).map(([name, value]) => [
        named.on(object, name),
        named.json(value, prepared.get(name) as Field),
      ]);
      return { object, id: recordId, values: Object.fromEntries(fields) };
    });
    return updateRecords(call, guard, updates, lane, context);
  }

  async function writeJobs(rows: readonly WriteRow[], context: CallContext) {
    const outcomes = new Map<string, WriteOutcome>();
    for (const object of new Set(rows.map(({ recordId }) => objectOf(recordId) as WrittenObject))) {
      const updates = rows
        .filter(({ recordId }) => objectOf(recordId) === object)
        .map(({ recordId, values }): CellUpdate => {
          const cells = Object.entries(values).map(([name, value]) => [
            named.on(object, name),
            named.cell(value, prepared.get(name) as Field),
          ]);
          return { id: recordId, cells: Object.fromEntries(cells) };
        });
      for (const [id, outcome] of await ingestUpdates(call, guard, object, updates, context))
        outcomes.set(id, outcome);
    }
    return outcomes;
  }

  function atMost(verb: string, count: number): void {
    if (count <= batchSize) return;
    throw new InchwormError(
      "input",
      `salesforce: ${verb} takes at most ${batchSize} records at a time, got ${count}.`,
    );
  }
}
