import { readFile } from "node:fs/promises";
import { InchwormError } from "@inchworm/spec";

const columns = /^"?(e-?mail( address)?|person|customer(_id)?|contact|id|recipient|subscriber)"?$/i;

/**
 * The names in a file, one a line: e-mail addresses, or `system:id`. Of a CSV file the first column is taken, and a line of titles
 * is left out.
 *
 * @throws InchwormError "input" when the file cannot be read, or is empty
 */
export async function peopleIn(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new InchwormError("input", `${file} cannot be read (${error.code}).`, {
      hint: "Name a file with an e-mail address or system:id on each line.",
    });
  });
  const names = text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .map((line) =>
      (line.split(/[,;\t]/)[0] ?? "")
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .trim(),
    )
    .filter((name) => name !== "");
  const people = columns.test(names[0] ?? "") ? names.slice(1) : names;
  if (people.length > 0) return people;
  throw new InchwormError("input", `${file} names nobody.`, {
    hint: "Give an e-mail address or system:id on each line.",
  });
}
