/** ISO 8601 in UTC as the portal writes it: a second without a fraction has none. */
export function instantText(time: number): string {
  if (time !== lastTime) {
    lastText = new Date(time).toISOString().replace(".000Z", "Z");
    lastTime = time;
  }
  return lastText;
}

// the contacts of a batch have one modified time
let lastTime = Number.NaN;
let lastText = "";

/** Milliseconds from an ISO 8601 time or from milliseconds as text; NaN when it is neither. */
export function parseInstant(text: string): number {
  return /^-?\d{1,16}$/.test(text) ? Number(text) : Date.parse(text);
}
