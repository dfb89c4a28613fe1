import type { Activity, Sends, TimingHistory } from "@inchworm/learn";

/**
 * The history of some contacts, in their order; who has none has none.
 *
 * @param contacts of the whole history, ascending
 * @param wanted ascending
 */
export function historyOf(
  history: TimingHistory,
  contacts: Int32Array,
  wanted: Int32Array,
): TimingHistory {
  const rows = new Int32Array(wanted.length).fill(-1);
  let next = 0;
  for (const [index, contact] of wanted.entries()) {
    while (next < contacts.length && contacts[next] < contact) next++;
    if (contacts[next] === contact) rows[index] = next;
  }
  const { sends, activity, groups } = history;
  return {
    contacts: wanted.length,
    ...(sends && { sends: sendsOf(sends, rows) }),
    ...(activity && { activity: actsOf(activity, rows) }),
    ...(groups && { groups: rows.map((row) => (row < 0 ? -1 : groups[row])) }),
  };
}

function sendsOf({ offsets, cells, reactions, delays }: Sends, rows: Int32Array): Sends {
  const cut = cutter(offsets, rows);
  return {
    offsets: cut.offsets,
    cells: cut.of(cells),
    reactions: cut.of(reactions),
    delays: cut.of(delays),
  };
}

function actsOf({ offsets, cells, kinds }: Activity, rows: Int32Array): Activity {
  const cut = cutter(offsets, rows);
  return { offsets: cut.offsets, cells: cut.of(cells), kinds: cut.of(kinds) };
}

function cutter(offsets: Int32Array, rows: Int32Array) {
  const own = new Int32Array(rows.length + 1);
  for (const [index, row] of rows.entries())
    own[index + 1] = own[index] + (row < 0 ? 0 : offsets[row + 1] - offsets[row]);
  return {
    offsets: own,
    of(values: Uint8Array): Uint8Array {
      const cut = new Uint8Array(own[rows.length]);
      for (const [index, row] of rows.entries())
        if (row >= 0) cut.set(values.subarray(offsets[row], offsets[row + 1]), own[index]);
      return cut;
    },
  };
}
