import type { DecisionLog, Unsupported } from "./types.js";

/** Actions that the policy takes and the log never did, at that position, the weightiest first. */
export function findUnsupported(
  { rows, actions, action, position }: DecisionLog,
  probabilities: (row: number) => ArrayLike<number>,
): Unsupported[] {
  const seen = new Set<number>();
  const place = (row: number, one: number) => (position?.[row] ?? 0) * actions.length + one;
  for (let row = 0; row < rows; row++) seen.add(place(row, action[row]));
  const shares = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const wanted = probabilities(row);
    for (let one = 0; one < actions.length; one++) {
      const at = place(row, one);
      if (wanted[one] > 0 && !seen.has(at))
        shares.set(at, (shares.get(at) ?? 0) + wanted[one] / rows);
    }
  }
  return [...shares]
    .sort(([, one], [, other]) => other - one)
    .map(([at, share]) => ({
      action: actions[at % actions.length],
      ...(position && { position: Math.floor(at / actions.length) }),
      share,
    }));
}
