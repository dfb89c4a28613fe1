import type { Effect, OutcomeKind, Verdict } from "./types.js";

export interface Judged {
  readonly effect: Effect;
  /** Mean of the control, and of the arm with the effect. */
  readonly control: number;
  readonly arm: number;
  /** The smallest effect that would matter; anything smaller counts as none. */
  readonly worth: number;
  /** People in both arms. */
  readonly rows: number;
  /** Whether outcomes are 0 and 1, amounts, or parts of a ratio. */
  readonly kind: OutcomeKind;
  readonly confidence: number;
}

const units: Readonly<Record<OutcomeKind, string>> = {
  rate: " percentage points",
  amount: " a person",
  ratio: "",
};

/** One of three: brought x ± y; no effect larger than z; cannot tell, and what it would take. */
export function verdictOf(judged: Judged): Verdict {
  const { effect, control, arm, worth, rows, kind, confidence } = judged;
  const { low, high, value } = effect;
  const rate = kind === "rate";
  const told = (amount: number) => number(rate ? 100 * amount : amount);
  const unit = units[kind];
  const sure = `${number(100 * confidence)} % interval ${told(low)} to ${told(high)}`;
  if (low > 0 || high < 0)
    return {
      verdict: "brought",
      because: `Brought ${told(value)} ± ${told((high - low) / 2)}${unit} (from ${told(control)} to ${told(arm)}${rate ? " %" : ""}; ${sure}).`,
    };
  const largest = Math.max(-low, high);
  if (largest <= worth)
    return {
      verdict: "no effect",
      because: `No effect larger than ${told(largest)}${unit}, where ${told(worth)} would matter (${sure}).`,
    };
  const needed = peopleFor(judged);
  const takes =
    needed === undefined
      ? "say what effect would matter"
      : `about ${whole(needed)} people in these shares would settle whether it is ${told(worth)} or more, and ${whole(rows)} took part`;
  return { verdict: "cannot tell", because: `Cannot tell: ${sure}; ${takes}.` };
}

/** People, in the same shares, with whom an interval leaves out either none or what would matter, whatever comes. */
export function peopleFor({
  effect: { low, high },
  worth,
  rows,
}: Pick<Judged, "effect" | "worth" | "rows">): number | undefined {
  return worth > 0 && Number.isFinite(high - low)
    ? Math.ceil(rows * ((high - low) / worth) ** 2)
    : undefined;
}

export const number = (value: number): string => {
  if (!Number.isFinite(value)) return value < 0 ? "minus infinity" : "infinity";
  const text = String(Number(value.toPrecision(3)));
  return text.includes("e") && Math.abs(value) >= 1 ? whole(value) : text;
};
export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
