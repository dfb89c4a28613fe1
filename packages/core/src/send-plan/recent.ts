import type { Caps, Send } from "@inchworm/learn";
import type { MessageTimes, Store } from "@inchworm/store";
import { day } from "../windows.js";
import type { Settings } from "./settings.js";

/** Messages near enough for a limit to bind. */
export async function recent(
  store: Pick<Store, "messageTimes">,
  { id, from, until, caps }: Settings,
  signal: AbortSignal | undefined,
): Promise<MessageTimes> {
  const span = longest(caps);
  return store.messageTimes({
    from: from - span,
    to: until + span,
    except: id,
    ...(signal && { signal }),
  });
}

/** Two days more than the longest limit: clocks change, and islands change sides of the date line. */
const longest = ({ volume = [], gapMinutes = 0 }: Caps): number =>
  Math.max(gapMinutes * 60_000, ...volume.map(({ days }) => days * day)) + 2 * day;

/** The messages of a contact; asked in ascending order. */
export function sentTo({ contacts, offsets, at, channels, names }: MessageTimes) {
  let row = 0;
  return (contact: number): readonly Send[] => {
    while (row < contacts.length && contacts[row] < contact) row++;
    if (contacts[row] !== contact) return [];
    return Array.from(at.subarray(offsets[row], offsets[row + 1]), (instant, index) => ({
      at: instant,
      channel: names[channels[offsets[row] + index]],
    }));
  };
}
