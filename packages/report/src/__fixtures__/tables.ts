/** The CSV files that a page carries, by name, as rows of cells. */
export function csvFiles(page: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  const files = new Map<string, string[][]>();
  for (const [, name, address] of page.matchAll(
    /download="([^"]+)\.csv" href="data:text\/csv;charset=utf-8,([^"]*)"/g,
  )) {
    const text = decodeURIComponent(address.replaceAll("&#39;", "'"));
    const rows = text.trimEnd().split("\r\n");
    files.set(
      name,
      rows.map((row) =>
        [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
          quoted === undefined ? plain : quoted.replaceAll('""', '"'),
        ),
      ),
    );
  }
  return files;
}

const alone = new Set(["meta", "link", "input", "br"]);

/** The first element that is not closed in its turn, or closed without being open; `undefined` on a page that is well formed. */
export function unbalanced(page: string): string | undefined {
  const open: string[] = [];
  const text = page.replace(/<!doctype html>/, "").replace(/<(style|script)>[\s\S]*?<\/\1>/g, "");
  for (const [whole, end, name, rest] of text.matchAll(
    /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|[^<>"])*)>/g,
  )) {
    if (end === "/") {
      if (open.pop() !== name) return whole;
    } else if (!alone.has(name) && !rest.endsWith("/")) open.push(name);
  }
  const left = text.replace(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|[^<>"])*)>/g, "");
  if (/[<>]/.test(left)) return left.match(/.{0,40}[<>].{0,40}/)?.[0];
  return open.pop();
}
