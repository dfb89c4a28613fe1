import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { literal } from "./expressions.js";
import { shown } from "./names.js";

export interface Target {
  readonly column: string;
  /** The outcome that is predicted, as the file writes it. */
  readonly positive: string;
  /** SQL: 1 for the positive outcome, 0 for any other, NULL where there is none. */
  readonly sql: string;
  readonly note?: string;
}

/** More values than this are no classes. */
const mostValues = 1000;

/** Of two classes, the one that these words name is the one people ask about. */
const yes = new Set(["1", "yes", "true", "y", "t"]);

interface Class {
  /** The most frequent spelling. */
  readonly name: string;
  readonly spellings: string[];
  rows: number;
}

/**
 * Tells the two classes. Spellings such as "Yes" and "yes", 1 and 1.0 are one class. Of two classes, the positive one is 1, yes or
 * true, else the rarer.
 *
 * @throws InchwormError "input" when there is no outcome, only one, or none of that value (with the values there are)
 */
export async function tellTarget(
  file: FlatFile,
  path: string,
  column: string,
  positive: string | undefined,
): Promise<Target> {
  const text = file.text(column);
  const found = await file.query<{ value: string; rows: number }>(`
    select ${text} as value, count(*) as rows from flat where fault is null and ${text} is not null
    group by value order by rows desc, value limit ${mostValues + 1}`);
  const classes = classesOf(found);
  const values = classes.map(({ name }) => name);
  if (classes.length === 0)
    throw new InchwormError("input", `The column "${column}" of ${path} is empty.`, {
      hint: "Name the column that holds the outcome with --target.",
    });
  if (classes.length === 1)
    throw new InchwormError(
      "input",
      `Every row of ${path} with a "${column}" has the same one, ${shown(values)}.`,
      { hint: "Both outcomes must occur among the rows to learn from." },
    );
  const wanted =
    positive === undefined
      ? probable(path, column, classes)
      : classes.find((one) => key(one.name) === key(positive.trim()));
  if (!wanted)
    throw new InchwormError(
      "input",
      `No row of ${path} has the "${column}" ${shown([positive ?? ""])}. Its values are ${shown(values)}.`,
      { hint: "Name one of them with --positive." },
    );
  const others = values.filter((name) => name !== wanted.name);
  const list = wanted.spellings.map(literal).join(", ");
  return {
    column,
    positive: wanted.name,
    sql: `case when ${text} is not null then list_contains([${list}], ${text})::integer end`,
    ...(others.length > 1 && {
      note: `"${wanted.name}" is told from all other values of "${column}" together: ${shown(others)}.`,
    }),
  };
}

function probable(path: string, column: string, classes: readonly Class[]): Class {
  if (classes.length > 2) {
    const values = shown(classes.map(({ name }) => name));
    const many = classes.length > mostValues ? `more than ${mostValues}` : classes.length;
    throw new InchwormError(
      "input",
      `The column "${column}" of ${path} has ${many} different values, not two: ${values}.`,
      { hint: "Name the one to be predicted with --positive." },
    );
  }
  return classes.find(({ name }) => yes.has(key(name))) ?? classes[1];
}

/** Most frequent first. */
function classesOf(found: readonly { readonly value: string; readonly rows: number }[]): Class[] {
  const classes = new Map<string, Class>();
  for (const { value, rows } of found) {
    const known = classes.get(key(value));
    if (known) {
      known.spellings.push(value);
      known.rows += rows;
    } else classes.set(key(value), { name: value, spellings: [value], rows });
  }
  return [...classes.values()].sort((one, other) => other.rows - one.rows);
}

const key = (value: string): string =>
  Number.isFinite(Number(value)) ? String(Number(value)) : value.toLowerCase();
