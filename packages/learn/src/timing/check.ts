import { LearnError } from "../error.js";
import type { Activity, Sends, TimingHistory } from "./types.js";
import { reactions, unknownDelay, weekHours, windowHours } from "./types.js";

/** @throws LearnError "input" that names the list and the entry */
export function checkHistory(who: string, history: TimingHistory): void {
  const { contacts, sends, activity, groups } = history;
  if (!(Number.isSafeInteger(contacts) && contacts >= 0))
    throw bad(who, `"contacts" must be an integer ≥ 0, got ${contacts}.`);
  if (!sends && !activity) throw bad(who, `pass "sends", "activity" or both.`);
  if (sends) {
    checkEntries(who, "sends", contacts, sends, sends.reactions, "reactions");
    checkDelays(who, sends);
  }
  if (activity) checkEntries(who, "activity", contacts, activity, activity.kinds, "kinds");
  if (groups && groups.length !== contacts)
    throw bad(who, `"groups" has ${groups.length} entries for ${contacts} contacts.`);
}

function checkEntries(
  who: string,
  list: string,
  contacts: number,
  { offsets, cells, counts }: Pick<Sends | Activity, "offsets" | "cells" | "counts">,
  kinds: Uint8Array,
  kindsName: string,
): void {
  if (offsets.length !== contacts + 1 || offsets[0] !== 0)
    throw bad(who, `"${list}.offsets" must have ${contacts + 1} entries and begin with 0.`);
  for (let contact = 0; contact < contacts; contact++)
    if (offsets[contact + 1] < offsets[contact])
      throw bad(who, `"${list}.offsets" must ascend, and does not at contact ${contact}.`);
  const entries = offsets[contacts];
  for (const [name, values] of Object.entries({
    cells,
    [kindsName]: kinds,
    ...(counts && { counts }),
  }))
    if (values.length < entries)
      throw bad(who, `"${list}.${name}" has ${values.length} entries, and offsets say ${entries}.`);
  // once more, entry by entry, where one is wrong
  const right =
    within(cells, entries, weekHours - 1) && within(kinds, entries, reactions.length - 1);
  for (let entry = 0; !right && entry < entries; entry++) {
    if (cells[entry] >= weekHours)
      throw bad(who, `"${list}.cells" holds ${cells[entry]} at ${entry}; week hours are 0 to 167.`);
    if (kinds[entry] >= reactions.length)
      throw bad(
        who,
        `"${list}.${kindsName}" holds ${kinds[entry]} at ${entry}, which is none of "reactions".`,
      );
  }
  if (counts)
    for (let entry = 0; entry < entries; entry++)
      if (!(counts[entry] >= 0 && counts[entry] < Infinity))
        throw bad(
          who,
          `"${list}.counts" holds ${counts[entry]} at ${entry}; it must be a number ≥ 0.`,
        );
}

function checkDelays(who: string, { offsets, delays }: Sends): void {
  const entries = offsets[offsets.length - 1];
  if (delays.length < entries)
    throw bad(who, `"sends.delays" has ${delays.length} entries, and offsets say ${entries}.`);
  let over = 0;
  for (let entry = 0; entry < entries; entry++)
    over |= (windowHours - delays[entry]) & (delays[entry] - unknownDelay);
  for (let entry = 0; over < 0 && entry < entries; entry++)
    if (delays[entry] > windowHours && delays[entry] !== unknownDelay)
      throw bad(
        who,
        `"sends.delays" holds ${delays[entry]} at ${entry}; it must be 0 to ${windowHours}, or "unknownDelay".`,
      );
}

/** Whether no entry is above `most`; without a branch, as there are many millions. */
function within(values: Uint8Array, entries: number, most: number): boolean {
  let over = 0;
  for (let entry = 0; entry < entries; entry++) over |= most - values[entry];
  return over >= 0;
}

function bad(who: string, message: string): LearnError {
  return new LearnError("input", `${who}: ${message}`);
}
