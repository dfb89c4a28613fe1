import type { Instant } from "@inchworm/spec";
import type { History, Scorer } from "../scorer.js";
import { day } from "../windows.js";
import { type Look, lookAt, watched } from "./look.js";
import { type Reference, referenceOf } from "./reference.js";

/** Days before the training at which a look shows how restless features are anyway. */
const before = [10, 30, 60, 90];
/** Days of history that a look needs before it. */
const leastHistoryDays = 60;

/** What a freshly trained model sees and says on the day of its training, and on days before it. */
export async function lookBack(
  scorer: Scorer,
  artifact: unknown,
  history: History,
  span: { readonly first: Instant; readonly asOf: Instant },
  signal?: AbortSignal,
): Promise<Reference | undefined> {
  const { first, asOf } = span;
  const days = [asOf, ...before.map((ago) => asOf - ago * day)].filter(
    (on) => on === asOf || on >= first + leastHistoryDays * day,
  );
  const looks: Look[] = [];
  for (const on of days) {
    const watching = watched(history, on);
    const answers = await scorer.score(watching.history, artifact, {
      asOf: on,
      ...(signal && { signal }),
    });
    looks.push(lookAt(scorer, on, watching.seen(), answers));
  }
  return referenceOf(looks);
}
