import { inOne } from "../import/dates.js";
import { numberSteps } from "../import/parse.js";

export interface AmountOptions {
  /** Mark before the fraction. */
  readonly decimal: "." | ",";
  /** What may stand beside a number: signs of currencies and %, or signs and codes of currencies, such as EUR. Defaults to "codes". */
  readonly units?: "signs" | "codes";
}

/** SQL: a text as a number, as programs or people write amounts; the importers of a store read them alike. NULL when it is none. */
export function amountOf(text: string, { decimal, units = "codes" }: AmountOptions): string {
  const dressed = inOne(text, (step) => {
    const steps = numberSteps("x", { decimal, type: "double", units }, step);
    return [...steps, finite(step(steps.length - 1))];
  });
  const written = `case when not contains(${text}, '_') then ${dressed} end`;
  return decimal === "," ? written : `coalesce(${finite(bareNumber(text))}, ${written})`;
}

/** SQL: a text as a program writes a number; it may be infinite. */
export const bareNumber = (text: string): string =>
  `case when not contains(${text}, '_') then try_cast(${text} as double) end`;

const finite = (number: string): string => `case when isfinite(${number}) then ${number} end`;
