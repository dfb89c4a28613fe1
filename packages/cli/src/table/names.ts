import { InchwormError } from "@inchworm/spec";

const mostShown = 40;

/** Names or values for a message. A text with an address in it is not shown. */
export function shown(texts: readonly string[]): string {
  const some = texts.slice(0, mostShown).map((text) => (text.includes("@") ? "…" : `"${text}"`));
  return `${some.join(", ")}${texts.length > mostShown ? ", …" : ""}`;
}

/**
 * The column of this name.
 *
 * @throws InchwormError "input" with the columns there are, and the one that was probably meant
 */
export function columnNamed(
  path: string,
  columns: readonly string[],
  option: string,
  name: string,
): string {
  if (columns.includes(name)) return name;
  const near = columns.find((column) => plain(column) === plain(name));
  throw new InchwormError(
    "input",
    `${path} has no column ${shown([name])}. Its columns are ${shown(columns)}.`,
    {
      hint: near
        ? `Did you mean ${option} ${JSON.stringify(near)}?`
        : `Give ${option} the name of one of them.`,
    },
  );
}

/** The columns of a list such as "id,name". A column whose own name has a comma is found too. */
export const columnsNamed = (
  path: string,
  columns: readonly string[],
  option: string,
  lists: readonly string[] = [],
): string[] =>
  lists
    .flatMap((list) => (columns.includes(list) ? [list] : list.split(",")))
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => columnNamed(path, columns, option, name));

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
