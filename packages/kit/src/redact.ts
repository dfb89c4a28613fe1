const address = /[^\s"'<>()[\]{}:;,=&?/\\]+(?:@|%40)[^\s"'<>()[\]{}:;,=&?/\\]+/gi;
/** Seven digits or more, written as phone numbers are; days of the calendar stay. Record ids look the same, and go, too. */
const phone = /(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?\(?\d(?:[ ()./-]{0,3}\d){6,}(?!\w)/g;
const longest = 200;

/** Somebody else's text made fit for a message: no secrets, no e-mail addresses, no phone numbers, one line, at most 200 characters. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret !== "") clean = clean.replaceAll(secret, "[secret]");
  // Cut first: the pattern below takes quadratic time on a long run without an @.
  clean = clean
    .slice(0, 10 * longest)
    .replace(address, "[address]")
    .replace(phone, "[number]")
    .replace(/\s+/g, " ")
    .trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
