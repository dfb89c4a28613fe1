import { timeZoneClock } from "@inchworm/learn";
import type { Moments } from "@inchworm/store";

/** Instants converted at a time: enough to be quick, little enough to stay in the processor's cache. */
const block = 16_384;

/**
 * The hour of the week of every moment on its contact's clock, summer time as it was then: 0 = Monday 00:00.
 *
 * @param zones the place in `names` of each contact's zone
 */
export function weekCells(
  { contacts, offsets, seconds }: Moments,
  zones: Int32Array,
  names: readonly string[],
): Uint8Array {
  const cells = new Uint8Array(seconds.length);
  const instants = new Float64Array(block);
  const places = new Int32Array(block);
  const hours = new Uint8Array(block);
  for (const [zone, name] of names.entries()) {
    const clock = timeZoneClock(name);
    let count = 0;
    const flush = (): void => {
      clock.weekHours(instants.subarray(0, count), hours);
      for (let index = 0; index < count; index++) cells[places[index]] = hours[index];
      count = 0;
    };
    for (let row = 0; row < contacts.length; row++) {
      if (zones[row] !== zone) continue;
      for (let at = offsets[row]; at < offsets[row + 1]; at++) {
        instants[count] = seconds[at] * 1000;
        places[count++] = at;
        if (count === block) flush();
      }
    }
    flush();
  }
  return cells;
}
