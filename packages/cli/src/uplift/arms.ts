import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { shown } from "../table/names.js";
import { plural } from "../terminal.js";

/** The arms as the file writes them, the control first. */
export interface Arms {
  readonly names: readonly string[];
  /** Place in `names` of each row, in the order of the file; -1 = none of them. */
  readonly arm: Int32Array;
  readonly notes: readonly string[];
}

export interface ArmOptions {
  /** Values of the treated; defaults to all but the control. */
  readonly treated?: readonly string[];
  /** Defaults to the only other value, or to one that says so, such as "control" or 0. */
  readonly control?: string;
}

/** More values than this are no arms. */
const mostArms = 50;

/** What people call those who got nothing. */
const controlWords =
  /^(?:0|no|none|false|n|f|nothing|control|controls|ctrl|holdout|hold-out|hold out|placebo|untreated|baseline|no[ _-].+|not[ _-].+|kontrolle|kontrollgruppe)$/;

/**
 * Tells who was treated how.
 *
 * @throws InchwormError "input" when a value is not there (with those that are), or nothing says which one is the control
 */
export async function tellArms(
  file: FlatFile,
  path: string,
  column: string,
  options: ArmOptions,
): Promise<Arms> {
  const text = file.text(column);
  const { codes, levels } = await file.levels(`case when fault is null then ${text} end`);
  const values = bySize(levels, codes);
  const found = (option: string, value: string): string =>
    valueNamed(values, value) ??
    refuse(
      `No row of ${path} has the "${column}" ${shown([value])}. Its values are ${shown(values)}.`,
      `Give ${option} one of them.`,
    );
  if (values.length === 0)
    refuse(
      `The column "${column}" of ${path} is empty.`,
      "Name the column that says who was treated with --treatment.",
    );
  if (values.length === 1)
    refuse(
      `Every row of ${path} has the "${column}" ${shown(values)}: there is nobody to compare with.`,
      "Bring people who were treated and people who were not.",
    );
  const named = (options.treated ?? []).flatMap((value) =>
    valueNamed(values, value) !== undefined || !value.includes(",") ? [value] : value.split(","),
  );
  const treated = [...new Set(named.map((value) => found("--treated", value)))];
  const control =
    options.control === undefined
      ? probable(path, column, values, treated)
      : found("--control", options.control);
  if (treated.includes(control))
    refuse(
      `${shown([control])} is both the control and treated.`,
      "Give --control and --treated different values.",
    );
  const others = values.filter((value) => value !== control);
  if (treated.length === 0 && others.length > mostArms)
    refuse(
      `The column "${column}" of ${path} has ${others.length + 1} different values, too many for arms.`,
      "Name the values of the treated with --treated and that of the control with --control.",
    );
  const names = [control, ...(treated.length > 0 ? treated : others)];
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const places = levels.map((level) => placeOf.get(level) ?? -1);
  const arm = codes.map((code) => (code < 0 ? -1 : places[code]));
  const left = others.filter((value) => !names.includes(value));
  const rows = arm.reduce((sum, place, row) => sum + Number(place < 0 && codes[row] >= 0), 0);
  return {
    names,
    arm,
    notes:
      left.length > 0
        ? [
            `${plural(rows, "row")} with another "${column}" ${rows === 1 ? "is" : "are"} left out: ${shown(left)}.`,
          ]
        : [],
  };
}

function probable(
  path: string,
  column: string,
  values: readonly string[],
  treated: readonly string[],
): string {
  const others = values.filter((value) => !treated.includes(value));
  if (others.length === 1) return others[0];
  const likely = others.filter((value) => controlWords.test(value.toLowerCase()));
  if (likely.length === 1) return likely[0];
  return refuse(
    `Nothing says which "${column}" of ${path} is the control: ${shown(others)}.`,
    "Name the value of those who got nothing with --control.",
  );
}

/** The value itself, or the only one that differs in nothing but case, blanks or the way a number is written. */
function valueNamed(values: readonly string[], wanted: string): string | undefined {
  const exact = wanted.trim();
  if (values.includes(exact)) return exact;
  const alike = values.filter((value) => key(value) === key(exact));
  return alike.length === 1 ? alike[0] : undefined;
}

const key = (value: string): string =>
  value !== "" && Number.isFinite(Number(value)) ? String(Number(value)) : value.toLowerCase();

function bySize(levels: readonly string[], codes: Int32Array): string[] {
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  return levels
    .map((level, code) => ({ level, count: counts[code] }))
    .sort((one, other) => other.count - one.count)
    .map(({ level }) => level);
}

function refuse(message: string, hint: string): never {
  throw new InchwormError("input", message, { hint });
}
