import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { columnNamed, shown } from "../table/names.js";

export interface FileArms {
  readonly column: string;
  /** The control first, the others in the order of their names. */
  readonly names: readonly string[];
  /** Place in `names`, one entry per row of the file; -1 = none. */
  readonly arm: Int32Array;
  readonly notes: readonly string[];
}

/** More different values than this are no arms. */
const mostArms = 20;
const controlName =
  /^(control|ctrl|contr[oô]le|kontroll\w*|hold[- ]?out|placebo|baseline|untreated|none|nothing|no\b.*|not treated|false|0|a)$/i;

/**
 * Which row is in which arm. Spellings that differ in upper and lower case alone are one arm. The control is the one named, else the
 * one that is called so, such as "control", "holdout", "No E-Mail", 0 or A.
 *
 * @throws InchwormError "input" when the column is none, there are not two arms, or nothing tells which is the control
 */
export async function fileArms(
  file: FlatFile,
  path: string,
  wanted: string,
  control: string | undefined,
): Promise<FileArms> {
  const column = columnNamed(path, file.columns, "--arm", wanted);
  const text = file.text(column);
  const { codes, levels } = await file.levels(`case when fault is null then ${text} end`);
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  const spelt = new Map<string, number[]>();
  for (const [code, level] of levels.entries()) {
    const key = level.toLowerCase();
    spelt.set(key, [...(spelt.get(key) ?? []), code]);
  }
  if (spelt.size > mostArms)
    throw new InchwormError(
      "input",
      `"${column}" of ${path} has ${spelt.size} different values; an experiment has at most ${mostArms} arms.`,
      { hint: "Name the column that says who was treated how with --arm." },
    );
  const found = [...spelt.values()].map((spellings) => ({
    spellings,
    name: levels[spellings.reduce((most, code) => (counts[code] > counts[most] ? code : most))],
  }));
  if (found.length < 2)
    throw new InchwormError(
      "input",
      found.length === 0
        ? `"${column}" of ${path} is empty.`
        : `Everybody in ${path} is in one arm, ${shown([found[0].name])}; an effect is a difference between two.`,
      { hint: "Add the people who were not treated, as a control." },
    );
  const names = found.map(({ name }) => name);
  const base = controlOf(names, column, path, control);
  const order = [base, ...names.filter((name) => name !== base)];
  const places = new Int32Array(levels.length);
  for (const { spellings, name } of found)
    for (const code of spellings) places[code] = order.indexOf(name);
  const together = found.filter(({ spellings }) => spellings.length > 1);
  return {
    column,
    names: order,
    arm: codes.map((code) => (code < 0 ? -1 : places[code])),
    notes: [
      ...(control === undefined
        ? [`${shown([base])} is taken as the control; name another with --control.`]
        : []),
      ...together.map(
        ({ spellings, name }) =>
          `${shown(spellings.map((code) => levels[code]))} are taken as one arm, ${shown([name])}.`,
      ),
    ],
  };
}

function controlOf(
  names: readonly string[],
  column: string,
  path: string,
  control: string | undefined,
): string {
  if (control !== undefined) {
    const key = control.trim().toLowerCase();
    const named = names.find((name) => name.toLowerCase() === key);
    if (named !== undefined) return named;
    throw new InchwormError(
      "input",
      `No row of ${path} has the "${column}" ${shown([control])}. Its values are ${shown(names)}.`,
      { hint: "Name one of them with --control." },
    );
  }
  const likely = names.filter((name) => controlName.test(name));
  if (likely.length === 1) return likely[0];
  throw new InchwormError(
    "input",
    `Nothing tells which "${column}" is the control. Its values are ${shown(names)}.`,
    { hint: "Name the one that nothing was done to with --control." },
  );
}
