const plainAscii = /^[\t\n\r -~]*$/;

/** One spelling of what people write in several: compatibility forms and composed letters (NFKC), small letters, "’" as "'". */
export const normalise = (text: string): string =>
  plainAscii.test(text)
    ? text.toLowerCase()
    : text.normalize("NFKC").toLowerCase().replaceAll("’", "'");
