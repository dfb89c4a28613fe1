import { InchwormError } from "@inchworm/spec";

const dayMs = 86_400_000;

/** A day since 1970 as "1997-09-30". */
export const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** @throws InchwormError "input" when it is no day of the calendar */
export function dayOf(option: string, text: string): number {
  const [, ...parts] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text.trim()) ?? [];
  const [year, month, date] = parts.map(Number);
  const day = Date.UTC(year, month - 1, date) / dayMs;
  if (parts.length === 3 && dayText(day) === parts.join("-")) return day;
  throw new InchwormError("input", `${option} is a day such as 2024-09-30, not "${text}".`);
}
