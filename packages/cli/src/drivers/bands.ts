/** More different numbers than this are told in bands. */
const mostNumbers = 12;
const bands = 4;

/** Levels of a factor as they are, but for many different numbers: four bands of them, equally often used. */
export function banded(texts: readonly (string | undefined)[]): (string | undefined)[] {
  const numbers = texts.map((text) => (text === undefined ? Number.NaN : Number(text)));
  const known = numbers.filter((value) => Number.isFinite(value));
  const different = new Set(known).size;
  const written = texts.filter((text) => text !== undefined).length;
  if (different <= mostNumbers || known.length < written) return [...texts];
  known.sort((left, right) => left - right);
  const ends = Array.from(
    { length: bands - 1 },
    (_, at) => known[Math.floor(((at + 1) * known.length) / bands)],
  );
  const cuts = [...new Set(ends)].filter((end) => end > known[0]);
  return numbers.map((value) => {
    if (Number.isNaN(value)) return undefined;
    const at = cuts.findIndex((end) => value < end);
    if (at === 0) return `< ${cuts[0]}`;
    return at < 0 ? `≥ ${cuts[cuts.length - 1]}` : `${cuts[at - 1]} to < ${cuts[at]}`;
  });
}
