const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The three letters that make a 15-letter id safe where case is lost: one bit for each capital. */
export function longId(id: string): string {
  let suffix = "";
  for (let part = 0; part < 15; part += 5) {
    let bits = 0;
    for (let place = 0; place < 5; place++) {
      if (/[A-Z]/.test(id[part + place])) bits |= 1 << place;
    }
    suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits];
  }
  return id + suffix;
}

/** An id of 15 or 18 letters in its long form, undefined when it is none. */
export function anyId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(text)) return undefined;
  const id = longId(text.slice(0, 15));
  return text.length === 15 || text.slice(15).toUpperCase() === id.slice(15) ? id : undefined;
}

/** Ids of one kind of record, each greater than the one before. */
export function idSeries(keyPrefix: string, instance: string): () => string {
  let count = 0;
  return () => {
    let rest = ++count;
    let number = "";
    for (let place = 0; place < 15 - keyPrefix.length - instance.length; place++) {
      number = digits[rest % 62] + number;
      rest = Math.floor(rest / 62);
    }
    return longId(keyPrefix + instance + number);
  };
}
