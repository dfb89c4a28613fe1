/** A named corner of the recency × frequency-and-money grid. */
export interface SegmentName {
  readonly name: string;
  /** What a marketer may read into it. */
  readonly meaning: string;
}

export const segmentNames = [
  { name: "champions", meaning: "bought lately, often and for much" },
  { name: "loyal", meaning: "buys regularly" },
  { name: "promising", meaning: "bought lately, not yet often" },
  { name: "new", meaning: "first order not long ago" },
  { name: "needs attention", meaning: "a good customer whose last order is getting old" },
  { name: "at risk", meaning: "used to buy often, not for a while" },
  { name: "cannot lose", meaning: "among the best once, silent for long" },
  { name: "about to sleep", meaning: "few orders, the last one getting old" },
  { name: "hibernating", meaning: "few orders, long ago" },
] as const satisfies readonly SegmentName[];

export type Segment = (typeof segmentNames)[number]["name"];

/**
 * The segment of one customer.
 *
 * @param recency 1 (long ago) to 5 (just now)
 * @param frequency 1 to 5
 * @param money 1 to 5
 * @param newcomer one order only, made within the newcomer window
 */
export function segmentOf(
  recency: number,
  frequency: number,
  money: number,
  newcomer: boolean,
): Segment {
  const worth = (frequency + money) / 2;
  if (newcomer) return "new";
  if (recency >= 4) {
    if (worth >= 4.5) return "champions";
    return worth >= 3 ? "loyal" : "promising";
  }
  if (recency === 3) return worth >= 3.5 ? "needs attention" : "about to sleep";
  if (worth >= 4.5) return "cannot lose";
  return worth >= 3.5 ? "at risk" : "hibernating";
}
