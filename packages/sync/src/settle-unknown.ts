import {
  type CallContext,
  type Destination,
  InchwormError,
  type Ledger,
  type Plan,
  type PlanRow,
} from "@inchworm/spec";
import { throwIfAborted } from "./sleep.js";
import { sameValue } from "./values.js";

/**
 * Reads records back whose write had no answer, and settles as updated those that hold what was to be written. The others stay
 * unknown: nothing is sent again. Gives the rows that were found written.
 *
 * @throws InchwormError when reading fails; what was settled until then stays so
 */
export async function settleUnknown(
  plan: Plan,
  destination: Destination,
  ledger: Ledger,
  context: CallContext,
): Promise<readonly PlanRow[]> {
  const found: PlanRow[] = [];
  let after: number | undefined;
  for (;;) {
    throwIfAborted(context.signal);
    const rows = await ledger.unknown(plan.id, destination.batchSize, after);
    if (rows.length === 0) return found;
    after = rows.at(-1)?.contact;
    for (let start = 0; start < rows.length; start += destination.batchSize) {
      const batch = rows.slice(start, start + destination.batchSize);
      const ids = batch.map(({ recordId = "" }) => recordId);
      const records = await destination.read(ids, plan.fields, context);
      if (records.length !== ids.length)
        throw new InchwormError(
          "internal",
          `${destination.name} was asked for ${ids.length} records and gave ${records.length}.`,
        );
      const written = batch.filter(({ values }, index) => {
        const there = records[index];
        return (
          there !== undefined &&
          plan.fields.every(
            (field) =>
              values[field.name] === undefined ||
              sameValue(field, values[field.name], there[field.name]),
          )
        );
      });
      if (written.length === 0) continue;
      await ledger.settle(
        plan.id,
        written,
        written.map(({ recordId = "" }) => ({ recordId, outcome: "updated" })),
      );
      found.push(...written);
    }
  }
}
