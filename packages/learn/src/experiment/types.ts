/** How often somebody looks, and so how wide an interval must be to hold whenever they stop. */
export type Looking =
  /** Once, at the end that was planned. */
  | { readonly kind: "once" }
  /**
   * At planned shares of `planned` people, the last of them now: O'Brien-Fleming-like spending (Lan & DeMets 1983). `earlier` are the
   * shares looked at before. Defaults to every quarter that has passed.
   */
  | {
      readonly kind: "group-sequential";
      readonly planned: number;
      readonly earlier?: readonly number[];
    }
  /** Whenever one likes. `planned`: the number of people at which intervals are to be narrowest. */
  | { readonly kind: "always-valid"; readonly planned: number };

/** A difference between an arm and the control, with an interval that holds at the level asked for. */
export interface Effect {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Standard error. */
  readonly error: number;
  /** Corrected for the number of arms, as the interval is. */
  readonly p: number;
}

/** Anything that has a value and an interval at every level: `level` is the chance of being wrong, both sides together. */
export interface Contrast {
  readonly value: number;
  readonly error: number;
  /** The smallest level at which the interval leaves 0 out. */
  readonly p: number;
  interval(level: number): readonly [low: number, high: number];
}

/** Yes or no, an amount a person, or a ratio of two sums. */
export type OutcomeKind = "rate" | "amount" | "ratio";

/** What may be said. There is no fourth. */
export type VerdictKind = "brought" | "no effect" | "cannot tell";

export interface Verdict {
  readonly verdict: VerdictKind;
  /** One sentence with the numbers: "Brought 0.0766 ± 0.0068 …", "No effect larger than …", "Cannot tell: …". */
  readonly because: string;
}
