import { type Allowance, InchwormError } from "@inchworm/spec";

export interface DailyAllowance {
  /** The error to throw instead of sending a request, if the day's share is used. */
  refusal(): InchwormError | undefined;
  /** One more request was sent. */
  count(): void;
  observe(allowance: Allowance): void;
  /** The vendor itself said that the day's allowance is used up. */
  exhausted(): void;
  readonly remaining: number | undefined;
}

const hour = 3_600_000;
/** How long the vendor's last word on the day is believed; after it a request may ask again, so that a new day is noticed. */
const believedMs = 600_000;

/**
 * Stops at a share of the day's allowance, so that the rest of the house is not locked out of its own account. Goes by the
 * vendor's word, which counts everybody; without it by what this process sent in the last 24 hours.
 */
export function dailyAllowance(
  system: string,
  daily: number | undefined,
  share: number,
  now: () => number,
): DailyAllowance {
  const sent = new Map<number, number>();
  let total = daily;
  let remaining: number | undefined;
  let heardAt = Number.NEGATIVE_INFINITY;
  let empty = false;

  const refuse = (used: string): InchwormError =>
    new InchwormError("quota", `${system}: ${used}.`, {
      hint: `Start the same again after midnight in the account's time zone: it goes on where it stopped. A higher "dailyShare" of the gate (now ${share}) lets it use more of a day.`,
    });

  return {
    get remaining() {
      return remaining;
    },
    refusal() {
      if (now() - heardAt < believedMs) {
        if (empty) return refuse("the day's allowance of requests is used up");
        if (remaining === undefined) return undefined;
        if (total === undefined)
          return remaining <= 0 ? refuse("the day's allowance of requests is used up") : undefined;
        const used = total - remaining;
        return used >= share * total
          ? refuse(`${used} of the day's ${total} requests are used`)
          : undefined;
      }
      if (remaining !== undefined || total === undefined) return undefined;
      let used = 0;
      const current = Math.floor(now() / hour);
      for (const [bucket, count] of sent) {
        if (bucket <= current - 25) sent.delete(bucket);
        else used += count;
      }
      return used >= share * total
        ? refuse(`this process has sent ${used} of the day's ${total} requests`)
        : undefined;
    },
    count() {
      const bucket = Math.floor(now() / hour);
      sent.set(bucket, (sent.get(bucket) ?? 0) + 1);
    },
    observe(allowance) {
      if (allowance.daily !== undefined && allowance.daily > 0) total = allowance.daily;
      if (allowance.dailyRemaining === undefined || allowance.dailyRemaining < 0) return;
      remaining = allowance.dailyRemaining;
      // a remainder above the default means a larger account than the default supposes
      if (total !== undefined) total = Math.max(total, remaining);
      heardAt = now();
      empty = false;
    },
    exhausted() {
      remaining = 0;
      heardAt = now();
      empty = true;
    },
  };
}
