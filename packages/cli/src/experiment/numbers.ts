import { InchwormError } from "@inchworm/spec";

/** A number, or a clear refusal. */
export function anyNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    throw new InchwormError("input", `${option} must be a number, got "${text}".`);
  };
}

/** A share above 0 and below 1: "0.1" or "10%". */
export function shareOf(option: string): (text: string) => number {
  return (text) => {
    const { value } = amountOrShare(option)(text);
    if (value < 1) return value;
    throw new InchwormError(
      "input",
      `${option} must be a share above 0 and below 1, such as 0.1 or 10%, got "${text}".`,
    );
  };
}

/** An amount above 0, or with % a share of something. */
export function amountOrShare(
  option: string,
): (text: string) => { readonly value: number; readonly relative: boolean } {
  return (text) => {
    const relative = text.trim().endsWith("%");
    const digits = relative ? text.trim().slice(0, -1) : text;
    const value = Number(digits) / (relative ? 100 : 1);
    if (digits.trim() !== "" && value > 0 && Number.isFinite(value)) return { value, relative };
    throw new InchwormError(
      "input",
      `${option} must be a number above 0, such as 0.05 or 5%, got "${text}".`,
    );
  };
}
