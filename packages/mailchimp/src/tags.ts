import { objects } from "@inchworm/kit";
import {
  type Destination,
  type Field,
  InchwormError,
  type WriteOutcome,
  type WriteRow,
} from "@inchworm/spec";
import type { Batches, Operation } from "./batch.js";
import type { Settings } from "./options.js";
import { atMost, failed, gone, leftOut, requireAnswer, skipped, unsuccessful } from "./outcome.js";
import { resolveMembers } from "./resolve.js";
import type { Run } from "./run.js";
import { requestsPerBatch } from "./scores.js";
import { memberPath, type Standings } from "./standing.js";
import { words } from "./values.js";

const recordForm = /^[A-Za-z0-9]{1,64}$/;
/** Letters of a tag. General knowledge. */
const longestTag = 100;

/**
 * Scores as tags, which cost no merge field: of each choice among options, the tag of the member's option is given and those of the
 * other options are taken away, such as "Churn band: high" of "Churn band: low" and "Churn band: high". Numbers and texts have no
 * tags and are left out. `is_syncing` keeps automations still, and no tag that is not of a prepared field's option is ever named.
 */
export function tags(
  settings: Settings,
  tools: { readonly run: Run; readonly batches: Batches; readonly standings: Standings },
): Destination {
  const { run, batches, standings } = tools;
  const prepared = new Map<string, Field>();
  const takes = (field: Field) =>
    field.type === "category" &&
    (field.options?.length ?? 0) > 0 &&
    (settings.fields?.has(field.name) ?? true);

  /** The names that a row's values come to, all of prepared options. */
  const changes = (row: WriteRow) =>
    Object.entries(row.values).flatMap(([name, value]) => {
      const field = prepared.get(name);
      if (field === undefined) {
        throw new InchwormError(
          "internal",
          `mailchimp: refused to send "${name}", which is not one of the prepared fields.`,
          { hint: "Name the field in prepare() before writing it." },
        );
      }
      return (field.options ?? []).map((option) => ({
        name: tagName(field, option),
        status: option === value ? "active" : "inactive",
      }));
    });

  /** Tags are found under the hash alone: contact ids are not described for them. */
  async function hashes(
    ids: readonly string[],
    context: Parameters<Destination["write"]>[1],
  ): Promise<ReadonlyMap<string, string>> {
    const answers = await run(
      ids.map((id) => ({
        method: "GET",
        path: memberPath,
        params: { list_id: settings.audience, subscriber_hash: id },
        query: { fields: "id,contact_id,status" },
      })),
      context,
    );
    const found = new Map<string, string>();
    for (const [index, id] of ids.entries()) {
      requireAnswer(answers[index]);
      const hash = words(answers[index]?.body.id);
      if (hash !== undefined) found.set(id, hash);
    }
    return found;
  }

  return {
    name: `${settings.system}:tags`,
    account: { system: settings.system, lanes: settings.lanes },
    batchSize: settings.batchSize,
    requestsPerBatch: 2 * requestsPerBatch,
    lane: "standard",
    takes,

    /** Tags are made as they are first given: there is nothing to make. */
    async prepare(fields, options) {
      const wrong = fields.find((field) => !takes(field));
      if (wrong !== undefined) {
        throw new InchwormError("input", `mailchimp: "${wrong.name}" cannot be said in tags.`, {
          hint: "Tags take fields of type category that name their options.",
        });
      }
      for (const field of fields) {
        const long = field.options?.find((option) => tagName(field, option).length > longestTag);
        if (long === undefined) continue;
        throw new InchwormError("rejected", `mailchimp: a tag of "${field.name}" is too long.`, {
          hint: `Tags have at most ${longestTag} letters, the field's label among them.`,
        });
      }
      if (!options.dryRun) {
        standings.renew();
        await batches.settled(options);
      }
      for (const field of fields) prepared.set(field.name, field);
      return { missing: [], present: fields.map(({ label }) => label) };
    },

    resolve: (emails, context) => resolveMembers(settings, run, emails, context),

    async write(rows, context) {
      atMost(settings, "write", rows.length);
      const outcomes = new Map<number, WriteOutcome>();
      const wanted = new Map<string, ReturnType<typeof changes>>();
      for (const [index, row] of rows.entries()) {
        const flawed = wanted.has(row.recordId)
          ? skipped(row.recordId, "duplicate", "The batch holds it twice.")
          : flaw(row);
        if (flawed === undefined) wanted.set(row.recordId, changes(row));
        else outcomes.set(index, flawed);
      }
      const standing = await standings.of([...wanted.keys()], context);
      for (const [index, row] of rows.entries()) {
        if (outcomes.has(index)) continue;
        const left = leftOut(row, standing.get(row.recordId));
        if (left === undefined) continue;
        outcomes.set(index, left);
        wanted.delete(row.recordId);
      }
      const found = await hashes([...wanted.keys()], context);
      const updates = new Map<string, Operation>();
      for (const [id, hash] of found) {
        updates.set(id, {
          method: "POST",
          path: `${memberPath}/tags`,
          params: { list_id: settings.audience, subscriber_hash: hash },
          body: { tags: wanted.get(id) ?? [], is_syncing: true },
        });
      }
      const ids = [...updates.keys()];
      const answers = await run([...updates.values()], context);
      const written = new Map(
        ids.map((id, index) => [
          id,
          unsuccessful(id, answers[index]) ?? { recordId: id, outcome: "updated" as const },
        ]),
      );
      return rows.map(
        ({ recordId }, index) => outcomes.get(index) ?? written.get(recordId) ?? gone(recordId),
      );
    },

    async read(recordIds, fields, context) {
      atMost(settings, "read", recordIds.length);
      const ids = [...new Set(recordIds)].filter((id) => recordForm.test(id));
      const answers = await run(
        ids.map((id) => ({
          method: "GET",
          path: memberPath,
          params: { list_id: settings.audience, subscriber_hash: id },
          query: { fields: "id,contact_id,status,tags" },
        })),
        context,
      );
      const held = new Map<string, ReadonlySet<string>>();
      for (const [index, id] of ids.entries()) {
        const answer = answers[index];
        requireAnswer(answer);
        if (answer?.status !== 200 || answer.body.status === "archived") continue;
        held.set(id, new Set(objects(answer.body, "tags").map(({ name }) => String(name))));
      }
      return recordIds.map((id) => {
        const names = held.get(id);
        if (names === undefined) return undefined;
        return Object.fromEntries(
          fields.map((field) => [
            field.name,
            field.options?.find((option) => names.has(tagName(field, option))) ?? null,
          ]),
        );
      });
    },
  };

  function flaw({ recordId, values }: WriteRow): WriteOutcome | undefined {
    if (!recordForm.test(recordId)) return failed(recordId, "INVALID_ID", "This is no record id.");
    if (Object.keys(values).length === 0) return skipped(recordId, "empty", "Nothing to write.");
    for (const [name, value] of Object.entries(values)) {
      const options = prepared.get(name)?.options;
      if (options === undefined || value === null || options.includes(String(value))) continue;
      return failed(recordId, "INVALID_OPTION", `${name} cannot be sent.`);
    }
    return undefined;
  }
}

/** @example tagName(churnBand, "high") // "Churn band: high" */
function tagName({ label }: Field, option: string): string {
  return `${label}: ${option}`;
}
