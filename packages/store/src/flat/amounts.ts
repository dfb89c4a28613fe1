import { inOne } from "../import/dates.js";
import { readerOf } from "../import/parse.js";

/** SQL: a text as a number, as programs or people write amounts. NULL when it is none. */
export function amountOf(text: string, decimal: "." | ","): string {
  const dressed = inOne(text, (step) => readerOf("x", "amount", decimal, step).steps);
  if (decimal === ",") return `(${dressed})::double`;
  const plain = `case when not contains(${text}, '_') then try_cast(${text} as double) end`;
  return `coalesce(case when isfinite(${plain}) then ${plain} end, (${dressed})::double)`;
}
