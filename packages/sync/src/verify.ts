import {
  type Destination,
  type Gate,
  InchwormError,
  type Ledger,
  type OnProgress,
  type Plan,
  type PlanRow,
} from "@inchworm/spec";
import { confirmAccount } from "./confirm.js";
import { guard } from "./guard.js";
import { concurrencyOf } from "./plan.js";
import { throwIfAborted } from "./sleep.js";
import { sameValue } from "./values.js";

export interface VerifyOptions {
  readonly gate: Gate;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface VerifyReport {
  /** Values compared. */
  readonly compared: number;
  /** Values that differ from what was written. */
  readonly mismatches: number;
  /** Records that are gone. */
  readonly missing: number;
  /** The first few mismatches and missing records. */
  readonly examples: readonly { readonly recordId: string; readonly field?: string }[];
}

const maxExamples = 10;

/**
 * Reads every row that a plan has written back from the destination and compares, numbers to their field's decimals.
 *
 * @throws InchwormError "stale-plan" when the store does not hold the plan; "config" when it was made for another account
 */
export async function verify(
  plan: Plan,
  destination: Destination,
  ledger: Ledger,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const { signal, onProgress } = options;
  const state = await ledger.planState(plan.id);
  if (!state)
    throw new InchwormError("stale-plan", `The store does not hold plan ${plan.id}.`, {
      hint: "Only the latest plan of a destination can be verified.",
    });
  const gate = guard(options.gate, { signal });
  const { system } = destination.account;
  await confirmAccount(destination, (found) => ledger.claim(system, found), {
    gate,
    ...(signal && { signal }),
  });
  const examples: { recordId: string; field?: string }[] = [];
  let compared = 0;
  let mismatches = 0;
  let missing = 0;
  let done = 0;

  const note = (example: { recordId: string; field?: string }): void => {
    if (examples.length < maxExamples) examples.push(example);
  };

  const compare = async (rows: readonly PlanRow[]): Promise<void> => {
    const ids = rows.map(({ recordId = "" }) => recordId);
    const found = await destination.read(ids, plan.fields, { gate, ...(signal && { signal }) });
    if (found.length !== ids.length)
      throw new InchwormError(
        "internal",
        `${destination.name} was asked for ${ids.length} records and gave ${found.length}.`,
      );
    for (const [index, { values }] of rows.entries()) {
      const recordId = ids[index];
      const there = found[index];
      if (!there) {
        missing++;
        note({ recordId });
        continue;
      }
      for (const field of plan.fields) {
        if (values[field.name] === undefined) continue;
        compared++;
        if (sameValue(field, values[field.name], there[field.name])) continue;
        mismatches++;
        note({ recordId, field: field.name });
      }
    }
  };

  const { batchSize } = destination;
  const groupSize = batchSize * concurrencyOf(destination);
  const compareGroup = async (rows: readonly PlanRow[]): Promise<void> => {
    throwIfAborted(signal);
    const batches: Promise<void>[] = [];
    for (let start = 0; start < rows.length; start += batchSize)
      batches.push(compare(rows.slice(start, start + batchSize)));
    await Promise.all(batches);
    done += rows.length;
    onProgress?.({
      step: `verifying ${plan.destination}`,
      done,
      total: state.done,
      unit: "contacts",
    });
  };

  let rows: PlanRow[] = [];
  for await (const page of ledger.written(plan.id)) {
    rows.push(...page);
    while (rows.length >= groupSize) {
      await compareGroup(rows.slice(0, groupSize));
      rows = rows.slice(groupSize);
    }
  }
  if (rows.length > 0) await compareGroup(rows);
  return { compared, mismatches, missing, examples };
}
