import type { ArmUplift, Interval, UpliftRace } from "@inchworm/learn";
import type { LeftOut } from "../table/tell.js";
import type { UpliftLeak } from "./leaks.js";

/** One treatment beside the control. */
export interface ArmCard {
  readonly treated: string;
  readonly rows: number;
  readonly treatedRows: number;
  readonly ate: number;
  readonly ateLow: number;
  readonly ateHigh: number;
  readonly learners: readonly UpliftRace[];
  readonly chosen: string;
  readonly signal: boolean;
  readonly verdict: string;
  readonly treat: ArmUplift["treat"];
  readonly because: string;
  /** Mean effect of tenths of the people, ranked highest first. */
  readonly tenths: readonly Interval[];
}

/** How many people are of each group. */
export interface GroupCounts {
  readonly persuadable: number;
  readonly sure: number;
  readonly lost: number;
  readonly doNotDisturb: number;
}

/** What a file of people says of the effect of a treatment: of the arm with the surest ranking, else of the one that does most, and of all arms. */
export interface UpliftCard extends ArmCard {
  readonly treatment: string;
  readonly control: string;
  readonly controlMean: number;
  readonly outcome: string;
  /** The value of the outcome that counts, where it is no amount. */
  readonly positive?: string;
  readonly arms: readonly ArmCard[];
  /** Of the people told of; `null` without a signal. */
  readonly groups: GroupCounts | null;
  /** Of treating each of the persuadable with the best arm for them, in units of the outcome, or of money where --value is given. */
  readonly expectedGain: number | null;
  /** Expected gain per unit of money spent, where --value and --cost are given. */
  readonly valuePerCost: number | null;
  readonly propensities: "constant" | "column" | "estimated";
  /** Columns that look as if they were not known before the treatment. */
  readonly leakage: readonly UpliftLeak[];
  /** Columns in which people of the arms differ. */
  readonly unbalanced: readonly UpliftLeak[];
  readonly columns: number;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
  readonly seed: number;
}

export const armCard = ({
  arm,
  treated,
  ate: { value: ate, low: ateLow, high: ateHigh },
  rows,
  learners,
  chosen,
  signal,
  verdict,
  treat,
  because,
  tenths,
}: ArmUplift): ArmCard => ({
  rows,
  treated: arm,
  treatedRows: treated,
  ate,
  ateLow,
  ateHigh,
  learners,
  chosen,
  signal,
  verdict,
  treat,
  because,
  tenths,
});
