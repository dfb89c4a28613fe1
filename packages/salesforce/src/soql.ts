/** A text as SOQL takes it, quotes and all. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

export function listed(texts: readonly string[]): string {
  return `(${texts.map(quoted).join(", ")})`;
}

/** An instant as SOQL takes it; the fraction of a second that SystemModstamp has is not told, so round down. */
export function instantText(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/** All conditions at once. Only alternatives get brackets: a sub-select must not stand in any. */
export function all(...conditions: readonly (string | undefined)[]): string {
  const given = conditions.filter((one) => one !== undefined && one !== "");
  if (given.length === 0) return "";
  return ` WHERE ${given.map((one) => (/ OR /.test(one ?? "") ? `(${one})` : one)).join(" AND ")}`;
}
