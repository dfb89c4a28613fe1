import { fieldGuard } from "@inchworm/kit";
import {
  type CallContext,
  type Destination,
  type Field,
  InchwormError,
  type WriteOutcome,
  type WriteRow,
} from "@inchworm/spec";
import type { Connection } from "./connection.js";
import { prepareFields } from "./custom-fields.js";
import { findByEmail, findProspects } from "./find.js";
import { awaitImports, importUpdates } from "./import-job.js";
import { names } from "./names.js";
import type { Settings } from "./options.js";
import { failed, gone, skipped, unknown, updated } from "./outcomes.js";
import { type Update, updateProspect } from "./update.js";

/** Making an import, its file, handing it over, a few looks, and what failed; seeing first who is there comes on top. */
const requestsOfImport = 8;

/**
 * Scores as custom fields of prospects. Known prospects are updated by their ids: few by a request each, more by an import. None is
 * created, and no other field is touched.
 */
export function scores(settings: Settings, call: Connection): Destination {
  const { batchSize, directAtMost, pageSize } = settings;
  const named = names(settings.prefix);
  const guard = fieldGuard("account-engagement");
  const prepared = new Map<string, Field>();

  return {
    name: `${settings.system}:scores`,
    account: { system: settings.system, lanes: settings.lanes },
    batchSize,
    requestsPerBatch: Math.max(
      requestsOfImport + Math.ceil(batchSize / pageSize),
      Math.min(batchSize, directAtMost),
    ),
    lane: "standard",

    fit: (field, value) => named.fit(value, field),

    async prepare(fields, options) {
      const found = await prepareFields(call, named, fields, options);
      for (const field of fields) prepared.set(field.name, field);
      guard.allow(options.dryRun === true ? found.present : [...found.present, ...found.missing]);
      if (options.dryRun !== true) await awaitImports(settings, call, options);
      return found;
    },

    resolve: (emails, context) => findByEmail(settings, call, emails, context),

    async write(rows, context) {
      atMost("write", rows.length);
      // refuses a field that was not prepared before anything is sent, whatever else is wrong
      for (const { values } of rows) {
        guard.pass(Object.fromEntries(Object.keys(values).map((name) => [named.name(name), ""])));
      }
      const outcomes: (WriteOutcome | undefined)[] = [];
      const updates = new Map<string, Update>();
      for (const row of rows) {
        const { recordId } = row;
        const found = updates.has(recordId)
          ? skipped(recordId, "duplicate", "The batch holds it twice.")
          : flaw(row);
        outcomes.push(found);
        if (found === undefined) updates.set(recordId, updateOf(row));
      }
      const written = await writeAll([...updates.values()], context);
      return rows.map(
        ({ recordId }, index) => outcomes[index] ?? written.get(recordId) ?? unknown(recordId),
      );
    },

    async read(recordIds, fields, context) {
      atMost("read", recordIds.length);
      const ids = recordIds.filter((id) => isId(id)).map(Number);
      if (ids.length === 0) return recordIds.map(() => undefined);
      const asked = fields.map(({ name }) => named.name(name));
      const found = await findProspects(settings, call, ids, asked, context);
      return recordIds.map((id) => {
        const record = found.get(Number(id));
        if (record === undefined) return undefined;
        return Object.fromEntries(
          fields.map((field) => [field.name, named.value(record[named.name(field.name)], field)]),
        );
      });
    },
  };

  function updateOf({ recordId, values }: WriteRow): Update {
    const fields = Object.entries(values).map(([name, value]) => [
      named.name(name),
      named.json(value, prepared.get(name) as Field),
    ]);
    return { id: recordId, values: Object.fromEntries(fields) };
  }

  function flaw({ recordId, values }: WriteRow): WriteOutcome | undefined {
    if (!isId(recordId)) return failed(recordId, "INVALID_ID", "This is no id of a prospect.");
    for (const [name, value] of Object.entries(values)) {
      const field = prepared.get(name);
      const code = field === undefined ? undefined : named.flaw(value, field);
      if (code !== undefined) return failed(recordId, code, `${name} cannot be sent.`);
    }
    if (Object.keys(values).length > 0) return undefined;
    return skipped(recordId, "empty", "Nothing to write.");
  }

  async function writeAll(
    updates: readonly Update[],
    context: CallContext,
  ): Promise<ReadonlyMap<string, WriteOutcome>> {
    if (updates.length <= directAtMost) return writeDirect(updates, context);
    // an import makes prospects of ids that it does not know: those who are gone are left out first
    const ids = updates.map(({ id }) => Number(id));
    const there = await findProspects(settings, call, ids, [], context);
    const outcomes = new Map<string, WriteOutcome>();
    const groups = new Map<string, Update[]>();
    for (const update of updates) {
      if (!there.has(Number(update.id))) {
        outcomes.set(update.id, gone(update.id));
        continue;
      }
      // a row leaves alone what it does not name, and an empty cell would clear it
      const named = Object.keys(update.values).sort().join(" ");
      const group = groups.get(named);
      if (group === undefined) groups.set(named, [update]);
      else group.push(update);
    }
    for (const group of groups.values()) {
      const written =
        group.length <= directAtMost
          ? await writeDirect(group, context)
          : await importUpdates(settings, call, guard, group, context);
      const lost = group.filter(({ id }) => !written.has(id));
      for (const [id, outcome] of written) outcomes.set(id, outcome);
      for (const [id, outcome] of await settled(lost, context)) outcomes.set(id, outcome);
    }
    return outcomes;
  }

  async function writeDirect(
    updates: readonly Update[],
    context: CallContext,
  ): Promise<ReadonlyMap<string, WriteOutcome>> {
    const answers = await Promise.all(
      updates.map((update) => updateProspect(call, guard, update, context)),
    );
    const outcomes = new Map<string, WriteOutcome>();
    const lost: Update[] = [];
    let lastError: InchwormError | undefined;
    for (const [index, answer] of answers.entries()) {
      const update = updates[index] as Update;
      if (InchwormError.is(answer)) {
        lost.push(update);
        lastError = answer;
      } else outcomes.set(update.id, answer);
    }
    // nobody answered at all: the call as a whole has failed, and may be made again
    if (lastError !== undefined && outcomes.size === 0) throw lastError;
    for (const [id, outcome] of await settled(lost, context)) outcomes.set(id, outcome);
    return outcomes;
  }

  /** What became of updates that no answer told of, by reading. What does not stand there may yet come. */
  async function settled(
    lost: readonly Update[],
    context: CallContext,
  ): Promise<ReadonlyMap<string, WriteOutcome>> {
    const outcomes = new Map(lost.map(({ id }) => [id, unknown(id)]));
    if (lost.length === 0) return outcomes;
    const fields = [...new Set(lost.flatMap(({ values }) => Object.keys(values)))];
    const ids = lost.map(({ id }) => Number(id));
    const found = await findProspects(settings, call, ids, fields, context).catch(
      (error: unknown) => {
        if (InchwormError.is(error, "network") || InchwormError.is(error, "server"))
          return undefined;
        throw error;
      },
    );
    if (found === undefined) return outcomes;
    for (const { id, values } of lost) {
      const record = found.get(Number(id));
      const stands = (name: string, value: string | null) =>
        String(record?.[name] ?? "") === (value ?? "");
      if (record === undefined) outcomes.set(id, gone(id));
      else if (Object.entries(values).every(([name, value]) => stands(name, value)))
        outcomes.set(id, updated(id));
    }
    return outcomes;
  }

  function atMost(verb: string, count: number): void {
    if (count <= batchSize) return;
    throw new InchwormError(
      "input",
      `account-engagement: ${verb} takes at most ${batchSize} records at a time, got ${count}.`,
    );
  }
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text);
}
