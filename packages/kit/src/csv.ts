/**
 * Rows of CSV text with commas, one list of cells at a time, the head line first. Quoted cells may hold commas, line ends and doubled
 * quotes; a byte-order mark, CRLF and a missing last line end are taken as they come. A text that breaks off inside quotes gives what
 * is there.
 */
export function* csvRows(text: string): Generator<string[]> {
  // one match is one cell with what ends it
  const cell = /(?:"((?:[^"]|"")*)(?:"|$)|([^,\r\n]*))[^,\r\n]*(,|\r\n|\n|\r|$)/y;
  cell.lastIndex = text.startsWith("\uFEFF") ? 1 : 0;
  let row: string[] = [];
  while (cell.lastIndex < text.length || row.length > 0) {
    const match = cell.exec(text) as RegExpExecArray;
    const [, quoted, plain = "", end] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    yield row;
    row = [];
  }
}

/** One line of CSV, with quotes where they are needed. */
export function csvText(cells: readonly string[]): string {
  const quoted = cells.map((cell) =>
    /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(",")}\n`;
}
