import type { RecommenderRace } from "@inchworm/learn";
import type { Goods } from "./recommend-goods.js";
import type { RecommendSettings } from "./recommend-options.js";

/** Who and what the kinds of model raced on, and what the best was judged by. */
export interface Raced extends Pick<RecommenderRace, "raced" | "outOfReach"> {
  /** People with a history, of whom some were drawn where there are very many, and pairs that the judged model learned from. */
  readonly judged: { readonly people: number; readonly pairs: number };
  /** All people with a history: what the model in use learned from. */
  readonly people: number;
  readonly pairs: number;
}

/** What else there is to know of a training. */
export function notesOf(
  goods: Goods,
  { kind, newItems, restDays }: RecommendSettings,
  fallbackShare: number,
  hasOrders: boolean,
  raced: Raced,
): string[] {
  const closed = goods.open.reduce((sum, open) => sum + 1 - open, 0);
  const priced = goods.margins.reduce((sum, margin) => sum + (Number.isNaN(margin) ? 0 : 1), 0);
  return [
    `${(100 * fallbackShare).toFixed(1)} % of all people have no history and get favourites: see the basis field.`,
    "Judged on all items that the category rules let through, whatever was in stock then.",
    ...racedNotes(raced),
    `${closed} of ${goods.ids.length} items are ruled out or not to be had today.`,
    ...(restDays > 0 ? [`Nothing is given again within ${restDays} days.`] : []),
    ...(newItems > 0
      ? [
          `The last ${newItems === 1 ? "place" : `${newItems} places`} of a list may go to items that nobody has had yet; the backtest cannot judge those.`,
        ]
      : []),
    ...(kind === "offer"
      ? [
          `Offers go by the chance that they are taken, times margin, less cost; ${goods.ids.length - priced} of ${goods.ids.length} name no margin, and count as earning 1.`,
          hasOrders
            ? "What offers change has not been measured: the chance that somebody orders anyway stands in for it."
            : "Too few have ordered to tell who would order anyway: nobody is held back for it.",
        ]
      : []),
  ];
}

function racedNotes({ raced, outOfReach, judged, people, pairs }: Raced): string[] {
  const count = (value: number) => value.toLocaleString("en-US");
  const isJudgedOnSome = judged.pairs < 0.5 * pairs;
  return [
    ...(raced.interactions < 0.5 * judged.pairs || isJudgedOnSome
      ? [
          `Kinds of model raced on all that ${count(raced.users)} people had; the best was fitted again.`,
        ]
      : []),
    ...(isJudgedOnSome
      ? [
          `Judged by a model that learned from ${count(judged.people)} people; the one in use learned from ${count(people)}, and from ${count(pairs)} pairs.`,
        ]
      : []),
    ...(outOfReach.length > 0
      ? [`Not tried on so much, as it would take too long: ${outOfReach.join(", ")}.`]
      : []),
  ];
}
