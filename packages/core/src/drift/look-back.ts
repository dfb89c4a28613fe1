import type { Instant } from "@inchworm/spec";
import type { History, Scorer, Trained } from "../scorer.js";
import { day } from "../windows.js";
import { tellApart } from "./apart.js";
import { type Look, lookOn } from "./look.js";
import { type Reference, referenceOf } from "./reference.js";

/** Days before the training at which a look shows how restless features are anyway. */
const before = [10, 30, 60, 90];
/** Days of history that a look needs before it. */
const leastHistoryDays = 60;

/** What a freshly trained model sees and says on the day of its training, and on days before it. */
export async function lookBack(
  scorer: Scorer,
  { card, artifact }: Pick<Trained, "card" | "artifact">,
  history: History,
  span: { readonly first: Instant; readonly asOf: Instant },
  signal?: AbortSignal,
): Promise<Reference | undefined> {
  const { first, asOf } = span;
  const days = [asOf, ...before.map((ago) => asOf - ago * day)].filter(
    (on) => on === asOf || on >= first + leastHistoryDays * day,
  );
  const looks: Look[] = [];
  for (const on of days) looks.push(await lookOn(scorer, artifact, history, on, signal));
  const [latest, ...earlier] = looks;
  let joint: number | undefined;
  for (const [index, look] of earlier.entries()) {
    // to learn what tells two days apart takes longer than to count: every other one is enough
    if (index % 2 === 0 && index + 1 < earlier.length) continue;
    const apart = await tellApart(look, latest, card, { seed: card.seed, signal });
    if (apart) joint = Math.max(joint ?? 0, apart.effect);
  }
  return referenceOf(looks, joint);
}
