const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of block characters: `share` of `width`, to the eighth of a character. */
export function blockBar(share: number, width: number): string {
  const parts = Math.round(
    Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * width * 8,
  );
  return `${"█".repeat(Math.floor(parts / 8))}${eighths[parts % 8]}`;
}

/** Text in a column of so many characters: filled up, or cut with an ellipsis. */
export function column(text: string, width: number): string {
  const letters = [...text];
  return letters.length > width
    ? `${letters.slice(0, width - 1).join("")}…`
    : text + " ".repeat(width - letters.length);
}
