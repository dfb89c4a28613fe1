import {
  type Destination,
  type Field,
  type Gate,
  InchwormError,
  type Instant,
  type Ledger,
  type OnProgress,
  type Plan,
  type PlanInput,
  type PlanRow,
} from "@inchworm/spec";
import { confirmAccount } from "./confirm.js";
import { decide } from "./decide.js";
import { planDigest, planName } from "./digest.js";
import { inspectFields } from "./fields.js";
import { type Guard, guard } from "./guard.js";
import { idSet } from "./id-set.js";
import { throwIfAborted } from "./sleep.js";

export interface PlanOptions {
  readonly gate: Gate;
  /** When the plan is made, UTC milliseconds. */
  readonly now: Instant;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Contacts that are looked at together while record ids are found. */
const groupSize = 20_000;

/**
 * A dry run: compares what is wanted with what was last written, finds records by e-mail where no id is known, and keeps in the
 * ledger what a push would do. Changes nothing at the destination.
 *
 * `published`, of which the destination takes what it wants, is all that is to stand there: what was written earlier in any other
 * field of ours is cleared. Memory does not grow with the number of contacts but for 16 bytes each.
 *
 * @throws InchwormError "config" when the store's record ids are those of another account; "scope" or "rejected" when the fields cannot be made as they should be
 */
export async function makePlan(
  destination: Destination,
  ledger: Ledger,
  published: readonly Field[],
  options: PlanOptions,
): Promise<Plan> {
  const { now, signal, onProgress } = options;
  const { name, account, batchSize } = destination;
  const fields = published.filter((field) => destination.takes?.(field) ?? true);
  const gate = guard(options.gate, { signal });
  refuseTwins(fields);

  const context = { gate, ...(signal && { signal }) };
  await confirmAccount(destination, (found) => ledger.claim(account.system, found), context);
  const confirming = gate.sent();
  const inspected = await inspectFields(destination, ledger, fields, context);
  const preparing = gate.sent() - confirming;
  const rules = { fields, ...inspected, ...(destination.fit && { fit: destination.fit }) };
  const used = new Set<string>();
  const digest = planDigest(name, fields);
  const seen = idSet();
  const skipReasons: Record<string, number> = {};
  const counts = { update: 0, clear: 0, skip: 0 };

  const toRow = (input: PlanInput, found: string | undefined): PlanRow => {
    const { contact, recordId = found } = input;
    const skip = (reason: string): PlanRow => ({
      contact,
      action: "skip",
      ...(recordId !== undefined && { recordId }),
      values: {},
      reason,
    });
    // the first contact of a record speaks for it, also when it has nothing to say
    if (recordId !== undefined && !seen.add(recordId))
      return skip("same record as another contact");
    const decision = decide(input, rules);
    if (decision.action === "skip") return skip(decision.reason);
    if (recordId === undefined) return skip(`no record in ${account.system}`);
    return { contact, recordId, ...decision };
  };

  async function* rows(): AsyncGenerator<readonly PlanRow[]> {
    let done = 0;
    const inputs = ledger.planInputs(name, account.system, fields);
    for await (const group of groups(inputs, batchSize * concurrencyOf(destination))) {
      throwIfAborted(signal);
      const wanting = group.filter(
        (input) => lacksRecord(input) && decide(input, rules).action !== "skip",
      );
      const found = await resolveAll(destination, wanting, gate, signal);
      const kept: PlanRow[] = [];
      for (const input of group) {
        const row = toRow(input, found.get(input.contact));
        digest.add(row);
        counts[row.action]++;
        if (row.action === "skip") {
          const reason = row.reason ?? "";
          skipReasons[reason] = (skipReasons[reason] ?? 0) + 1;
        } else {
          for (const field of Object.keys(row.values)) used.add(field);
          kept.push(row);
        }
      }
      done += group.length;
      onProgress?.({ step: `planning ${name}`, done, unit: "contacts" });
      if (kept.length > 0) yield kept;
    }
  }

  const previous = await ledger.latestPlan(name);
  const id = planName(name, now, previous?.plan.id);
  return ledger.savePlan(id, name, rows(), () => {
    const written = counts.update + counts.clear;
    const creating = inspected.missingNames.length > 0 ? 1 : 0;
    // the push looks at the fields once more before it makes them
    const first = confirming + 2 * preparing + creating;
    const batches = Math.ceil(written / batchSize) * (destination.requestsPerBatch ?? 1);
    const requests = written === 0 ? 0 : Math.ceil(batches) + first;
    const lane = { ...account.lanes[destination.lane], ...gate.told(destination.lane) };
    return {
      id,
      destination: name,
      createdAt: now,
      fields: [...fields, ...inspected.retired.filter((field) => used.has(field.name))],
      missingFields: inspected.missingNames,
      updates: counts.update,
      clears: counts.clear,
      skips: counts.skip,
      skipReasons,
      requests,
      minutes: (requests * (lane.perMs ?? 0)) / (lane.requests ?? 1) / 60_000,
      digest: digest.end(),
    };
  });
}

/** How many requests of a destination may be under way at once. */
export function concurrencyOf({ account, lane }: Destination): number {
  return Math.min(32, Math.max(1, account.lanes[lane]?.concurrency ?? 1));
}

function lacksRecord({ recordId, email }: PlanInput): boolean {
  return recordId === undefined && email !== undefined;
}

/** Pages of inputs regrouped so that finding records fills its requests. */
async function* groups(
  pages: AsyncIterable<readonly PlanInput[]>,
  enoughToResolve: number,
): AsyncGenerator<readonly PlanInput[]> {
  let group: PlanInput[] = [];
  let unresolved = 0;
  for await (const page of pages) {
    for (const input of page) {
      group.push(input);
      if (lacksRecord(input)) unresolved++;
      if (group.length < groupSize && unresolved < enoughToResolve) continue;
      yield group;
      group = [];
      unresolved = 0;
    }
  }
  if (group.length > 0) yield group;
}

/** Record ids by contact, for those that have one. */
async function resolveAll(
  destination: Destination,
  inputs: readonly PlanInput[],
  gate: Guard,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const batches: PlanInput[][] = [];
  for (let start = 0; start < inputs.length; start += destination.batchSize)
    batches.push(inputs.slice(start, start + destination.batchSize));
  await Promise.all(
    batches.map(async (batch) => {
      const emails = batch.map(({ email }) => email ?? "");
      const ids = await destination.resolve(emails, { gate, ...(signal && { signal }) });
      if (ids.length !== batch.length)
        throw new InchwormError(
          "internal",
          `${destination.name} was asked for ${batch.length} record ids and gave ${ids.length}.`,
        );
      for (const [index, { contact }] of batch.entries()) {
        const id = ids[index];
        if (id !== undefined) found.set(contact, id);
      }
    }),
  );
  return found;
}

function refuseTwins(fields: readonly Field[]): void {
  const names = new Set<string>();
  for (const { name } of fields) {
    if (names.has(name))
      throw new InchwormError("config", `Two scorers publish a field named "${name}".`, {
        hint: "Give one of them another name.",
      });
    names.add(name);
  }
}
