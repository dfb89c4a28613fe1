/** A set of record ids, exact, in about 16 bytes per whole-number id; a million contacts have as many. */
export interface IdSet {
  /** False when the id is there already. */
  add(id: string): boolean;
}

export function idSet(): IdSet {
  const others = new Set<string>();
  let slots = new Float64Array(1024).fill(-1);
  let size = 0;

  const place = (table: Float64Array, id: number): boolean => {
    const mask = table.length - 1;
    let slot = Math.imul(id >>> 0, 0x9e3779b1) ^ Math.imul((id / 2 ** 32) >>> 0, 0x85ebca6b);
    // bits of every place reach the lowest ones
    slot = Math.imul(slot ^ (slot >>> 16), 0x45d9f3b);
    slot = (slot ^ (slot >>> 15)) & mask;
    while (table[slot] !== -1) {
      if (table[slot] === id) return false;
      slot = (slot + 1) & mask;
    }
    table[slot] = id;
    return true;
  };

  const grow = (): void => {
    const larger = new Float64Array(slots.length * 2).fill(-1);
    for (const id of slots) if (id !== -1) place(larger, id);
    slots = larger;
  };

  return {
    add(id) {
      const number = Number(id);
      // only ids that survive the way through a number and back
      if (!Number.isSafeInteger(number) || number < 0 || String(number) !== id) {
        if (others.has(id)) return false;
        others.add(id);
        return true;
      }
      if (size * 2 >= slots.length) grow();
      const added = place(slots, number);
      if (added) size++;
      return added;
    },
  };
}
