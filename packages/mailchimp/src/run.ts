import { batches as runs } from "@inchworm/kit";
import type { CallContext } from "@inchworm/spec";
import type { Answered, Batches, Operation } from "./batch.js";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";

/** Carries out operations on different members, and gives their answers in order. */
export type Run = (
  operations: readonly Operation[],
  context: CallContext,
) => Promise<readonly Answered[]>;

/** A few are sent one by one, for a batch takes minutes; many go in batches, for ten connections at one time are all there are. */
export function runner(settings: Settings, call: Connection, batches: Batches): Run {
  return async (operations, context) => {
    if (operations.length <= settings.directAtMost) {
      return Promise.all(
        operations.map(async (operation) =>
          call(context, { ...operation, expect: [400, 404, 405] }),
        ),
      );
    }
    const answers: Answered[] = [];
    for (const batch of runs(operations, settings.batchSize)) {
      answers.push(...(await batches.run(batch, context)));
    }
    return answers;
  };
}
