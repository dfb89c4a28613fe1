/** More lines than this are not looked at. */
const mostLines = 100;

/** Lines in an answer: of a JSON array wherever it stands, else one to a row without bullets, numbers and quotes. */
export function parseLines(answer: string): string[] {
  const listed = jsonLines(answer);
  if (listed) return listed.slice(0, mostLines);
  if (/^\s*[[{]/u.test(answer)) return wholeStrings(answer).slice(0, mostLines);
  return answer
    .split(/\r?\n/u)
    .map((row) =>
      row
        .trim()
        .replace(/^(?:[-*•]|\d{1,3}[.)])\s+/u, "")
        .replace(/^["“„«'](.*)["”“»'],?$/u, "$1")
        .trim(),
    )
    .filter((row) => row !== "" && !/^```/u.test(row))
    .slice(0, mostLines);
}

function jsonLines(answer: string): string[] | undefined {
  const from = answer.indexOf("[");
  const to = answer.lastIndexOf("]");
  if (from < 0 || to < from) return undefined;
  try {
    const list: unknown = JSON.parse(answer.slice(from, to + 1));
    if (Array.isArray(list)) return list.filter((one) => typeof one === "string");
  } catch {
    // not that; it may still have rows
  }
  return undefined;
}

/** Strings that were closed before an answer broke off. */
function wholeStrings(answer: string): string[] {
  return [...answer.matchAll(/"((?:[^"\\]|\\.)*)"\s*(?=[,\]])/gsu)].flatMap(([quoted]) => {
    try {
      return [JSON.parse(quoted) as string];
    } catch {
      return [];
    }
  });
}
