const address = /[^\s"'<>()[\]{}:;,=&?/\\]+(?:@|%40)[^\s"'<>()[\]{}:;,=&?/\\]+/gi;
const longest = 200;

/** Somebody else's text made fit for a message: no secrets, no e-mail addresses, one line, at most 200 characters. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret !== "") clean = clean.replaceAll(secret, "[secret]");
  // Cut first: the pattern below takes quadratic time on a long run without an @.
  clean = clean
    .slice(0, 10 * longest)
    .replace(address, "[address]")
    .replace(/\s+/g, " ")
    .trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
