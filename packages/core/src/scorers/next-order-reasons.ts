/** What is known of one customer's rhythm; days are whole or not, `usualGap` is `NaN` before the second order. */
export interface Rhythm {
  readonly orders: number;
  readonly elapsed: number;
  readonly usualGap: number;
  /** Probability of ever ordering again. */
  readonly again: number;
  /** Among those who ordered once, the days after which half of those who come back have done so. */
  readonly usualSecond: number;
}

const days = (count: number): string => {
  const whole = Math.max(1, Math.round(count));
  return whole === 1 ? "1 day" : `${whole.toLocaleString("en-US")} days`;
};
const since = (elapsed: number): string =>
  elapsed < 1 ? "the last today" : `${days(elapsed)} since the last`;

/** Later than this many usual gaps is worth saying. */
const late = 1.5;

/** Up to three sentences, the rhythm first. */
export function rhythmReasons(rhythm: Rhythm): string[] {
  const { orders, elapsed, usualGap, again, usualSecond } = rhythm;
  const reasons: string[] = [];
  if (orders === 1) {
    reasons.push(`only one order so far, ${elapsed < 1 ? "today" : `${days(elapsed)} ago`}`);
    reasons.push(`customers who order again usually do so after ${days(usualSecond)}`);
  } else {
    reasons.push(`usually orders every ${days(usualGap)}; ${since(elapsed)}`);
    if (elapsed > late * usualGap && elapsed - usualGap >= 1)
      reasons.push(`overdue by ${days(elapsed - usualGap)}`);
  }
  if (again < 0.5) reasons.push(`more likely gone than not: ${percent(again)} to order again`);
  return reasons;
}

const percent = (share: number): string =>
  share < 0.01 ? "less than 1 %" : `${Math.round(share * 100)} %`;
