import { fieldGuard } from "@inchworm/kit";
import {
  type Destination,
  type Field,
  type FieldValue,
  InchwormError,
  type WriteOutcome,
  type WriteRow,
} from "@inchworm/spec";
import type { Answered, Batches, Operation } from "./batch.js";
import type { Connection } from "./connection.js";
import { prepareMergeFields } from "./merge-fields.js";
import { mergeTags } from "./merge-tags.js";
import type { Settings } from "./options.js";
import { atMost, failed, leftOut, requireAnswer, skipped, unsuccessful } from "./outcome.js";
import { resolveMembers } from "./resolve.js";
import type { Run } from "./run.js";
import { memberPath, type Standings } from "./standing.js";

const recordForm = /^[A-Za-z0-9]{1,64}$/;
/** Submitting a batch, a few looks at it, its results; the list of those who are left alone is shared by all. */
export const requestsPerBatch = 8;

/**
 * Scores as merge fields of members. Members are updated by contact id, and no key but `merge_fields` is ever sent: none is created,
 * none is subscribed, and no field, tag or status that is not ours is touched.
 */
export function scores(
  settings: Settings,
  call: Connection,
  tools: { readonly run: Run; readonly batches: Batches; readonly standings: Standings },
): Destination {
  const { run, batches, standings } = tools;
  const tags = mergeTags(settings);
  const guard = fieldGuard("mailchimp");
  const prepared = new Map<string, Field>();

  const update = (id: string, fields: Readonly<Record<string, string | number>>): Operation => ({
    method: "PATCH",
    path: memberPath,
    params: { list_id: settings.audience, subscriber_hash: id },
    // Required fields that somebody left empty are none of our business, and would make Mailchimp refuse ours.
    query: { skip_merge_validation: "true" },
    // Nothing but prepared merge fields leaves the house.
    body: { merge_fields: guard.pass(fields) },
  });

  return {
    name: `${settings.system}:scores`,
    account: { system: settings.system, lanes: settings.lanes },
    batchSize: settings.batchSize,
    requestsPerBatch,
    lane: "standard",
    takes: ({ name }) => settings.fields?.has(name) ?? true,
    fit: tags.fit,

    async prepare(fields, options) {
      const found = await prepareMergeFields(settings, call, tags, fields, options);
      if (!options.dryRun) {
        standings.renew();
        await batches.settled(options);
      }
      for (const field of fields) prepared.set(field.name, field);
      guard.allow(options.dryRun ? found.present : [...found.present, ...found.missing]);
      return found;
    },

    resolve: (emails, context) => resolveMembers(settings, run, emails, context),

    async write(rows, context) {
      atMost(settings, "write", rows.length);
      const updates = new Map<string, Operation>();
      const outcomes = new Map<number, WriteOutcome>();
      for (const [index, row] of rows.entries()) {
        const flawed = updates.has(row.recordId)
          ? skipped(row.recordId, "duplicate", "The batch holds it twice.")
          : flaw(row);
        if (flawed !== undefined) {
          outcomes.set(index, flawed);
          continue;
        }
        const fields = Object.fromEntries(
          Object.entries(row.values).map(([name, value]) => {
            const field = prepared.get(name);
            return [tags.name(name), field === undefined ? "" : tags.wire(value, field)];
          }),
        );
        updates.set(row.recordId, update(row.recordId, fields));
      }
      const standing = await standings.of([...updates.keys()], context);
      for (const [index, row] of rows.entries()) {
        if (outcomes.has(index)) continue;
        const left = leftOut(row, standing.get(row.recordId));
        if (left === undefined) continue;
        outcomes.set(index, left);
        updates.delete(row.recordId);
      }
      const ids = [...updates.keys()];
      const answers = await run([...updates.values()], context);
      const written = new Map(ids.map((id, index) => [id, answers[index]]));
      return rows.map(
        (row, index) => outcomes.get(index) ?? settled(row, written.get(row.recordId)),
      );
    },

    async read(recordIds, fields, context) {
      atMost(settings, "read", recordIds.length);
      const names = fields.map((field) => [field, tags.name(field.name)] as const);
      const ids = [...new Set(recordIds)].filter((id) => recordForm.test(id));
      if (ids.length === 0) return recordIds.map(() => undefined);
      const asked = names.map(([, tag]) => `merge_fields.${tag}`);
      const answers = await run(
        ids.map((id) => ({
          method: "GET",
          path: memberPath,
          params: { list_id: settings.audience, subscriber_hash: id },
          query: { fields: ["id", "contact_id", "status", ...asked].join(",") },
        })),
        context,
      );
      const found = new Map(ids.map((id, index) => [id, answers[index]]));
      return recordIds.map((id) => {
        const answer = found.get(id);
        if (found.has(id)) requireAnswer(answer);
        if (answer === undefined || answer.status !== 200 || answer.body.status === "archived") {
          return undefined;
        }
        const held = (answer.body.merge_fields ?? {}) as Record<string, unknown>;
        return Object.fromEntries(
          names.map(([field, tag]) => [field.name, tags.value(held[tag], field)]),
        );
      });
    },
  };

  function settled(row: WriteRow, answer: Answered): WriteOutcome {
    const { recordId, values } = row;
    const problem = unsuccessful(recordId, answer);
    if (problem !== undefined) return problem;
    // Mailchimp leaves out fields that it does not know without a word.
    const held = (answer?.body.merge_fields ?? {}) as Record<string, unknown>;
    const lost = Object.keys(values).find((name) => !(tags.name(name) in held));
    if (lost === undefined) return { recordId, outcome: "updated" };
    throw new InchwormError(
      "rejected",
      `mailchimp: the audience has no merge field ${tags.name(lost)} any more.`,
      { hint: "Push again, which prepares the fields first." },
    );
  }

  function flaw({ recordId, values }: WriteRow): WriteOutcome | undefined {
    if (!recordForm.test(recordId)) return failed(recordId, "INVALID_ID", "This is no record id.");
    const entries = Object.entries(values);
    if (entries.length === 0) return skipped(recordId, "empty", "Nothing to write.");
    for (const [name, value] of entries) {
      const code = unfit(name, value);
      if (code !== undefined) return failed(recordId, code, `${name} cannot be sent.`);
    }
    return undefined;
  }

  function unfit(name: string, value: FieldValue): string | undefined {
    const field = prepared.get(name);
    if (field === undefined || value === null) return undefined;
    if (field.type === "number") {
      return typeof value === "number" && Number.isFinite(value) ? undefined : "INVALID_NUMBER";
    }
    const offered = field.type !== "category" || field.options === undefined;
    return offered || field.options.includes(String(value)) ? undefined : "INVALID_OPTION";
  }
}
