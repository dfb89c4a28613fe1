const written = /^(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(a\.?m\.?|p\.?m\.?|h|uhr|o'clock)?$/iu;

/** The hour of the day that a text says, such as "9", "09:30", "9 pm" or "21 Uhr"; `NaN` when it says none. */
export function hourOf(text: string): number {
  const found = written.exec(text.trim());
  if (!found) return Number.NaN;
  const half = found[3]?.[0].toLowerCase();
  const hour = Number(found[1]);
  if (half === "a" || half === "p")
    return hour >= 1 && hour <= 12 ? (hour % 12) + (half === "p" ? 12 : 0) : Number.NaN;
  return hour < 24 ? hour : hour === 24 ? 0 : Number.NaN;
}
