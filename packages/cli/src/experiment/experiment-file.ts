import { type ExperimentResult, experiment, type Looking } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { faultNote, refuseFaulty } from "../fit/data.js";
import { columnNamed } from "../table/names.js";
import { type FileArms, fileArms } from "./arms.js";
import { fileBefore } from "./before.js";
import { type FileOutcome, fileOutcome } from "./outcome.js";
import { filePeople, type People, perPerson } from "./people.js";
import { sharesOf } from "./shares.js";

export interface ExperimentFileOptions {
  readonly arm: string;
  readonly outcome: string;
  readonly control?: string;
  readonly positive?: string;
  readonly per?: string;
  readonly before?: readonly string[];
  readonly segment?: string;
  readonly id?: string;
  readonly shares?: string;
  /** An effect in the outcome's units, or a share of the control's mean. */
  readonly worth?: { readonly value: number; readonly relative: boolean };
  readonly confidence: number;
  readonly looking: Looking;
  /** What an empty outcome stands for. Defaults to "not known". */
  readonly missing?: number;
  readonly seed: number;
  readonly separator?: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface FileExperiment extends ExperimentResult {
  /** Rows of the file, and people that they are of. */
  readonly rows: number;
  readonly people: number;
  readonly arm: string;
  readonly outcome: string;
  readonly positive?: string;
  /** True when nobody said which shares were designed. */
  readonly sharesGuessed: boolean;
  readonly before?: { readonly columns: readonly string[]; readonly method: "CUPED" | "CUPAC" };
}

/**
 * What an experiment in a file brought.
 *
 * @throws InchwormError or LearnError "input" when the file, a column or an option is not what it must be
 */
export async function experimentFile(
  path: string,
  options: ExperimentFileOptions,
): Promise<FileExperiment> {
  const { separator, signal, onProgress } = options;
  const file = await openFlatFile(path, {
    ...(separator !== undefined && { separator }),
    signal,
    onProgress,
  });
  try {
    refuseFaulty(file, path);
    return await judge(file, path, options);
  } finally {
    await file.close();
  }
}

async function judge(
  file: FlatFile,
  path: string,
  options: ExperimentFileOptions,
): Promise<FileExperiment> {
  const { looking, confidence, missing, seed, signal } = options;
  const arms = await fileArms(file, path, options.arm, options.control);
  const outcome = await fileOutcome(file, path, options.outcome, options);
  refuseSame(path, arms, outcome);
  const per =
    options.per === undefined
      ? undefined
      : await fileOutcome(file, path, options.per, { option: "--per" });
  const people = await filePeople(file, path, arms.arm, options.id);
  const { rows } = people;
  const values = valuesOf(outcome, people, missing);
  const below = per && perPerson(per.values, people, "sum");
  const arm = Int32Array.from(rows, (row) => arms.arm[row]);
  const counts = arms.names.map((_, place) =>
    arm.reduce((n, one) => n + (one === place ? 1 : 0), 0),
  );
  const { shares, guessed } = sharesOf(arms.names, counts, options.shares);
  const before = await fileBefore(file, path, options.before, {
    rows,
    outcome: values,
    taken: [arms.column, outcome.column, ...(per ? [per.column] : [])],
    seed,
    signal,
  });
  const segments = await segmentsOf(file, path, options.segment, rows);
  const { worth } = options;
  const result = experiment(
    {
      arms: arms.names,
      arm,
      outcome: values,
      ...(below && { per: below }),
      ...(before.covariates.length > 0 && { before: before.covariates }),
      ...(segments && { segments }),
    },
    {
      shares,
      looking,
      level: 1 - confidence,
      ...(worth && {
        worth: worth.relative ? worth.value * base(arm, values, below) : worth.value,
      }),
    },
  );
  return {
    rows: file.rows,
    people: rows.length,
    arm: arms.column,
    outcome: outcome.column,
    ...(outcome.positive !== undefined && { positive: outcome.positive }),
    ...result,
    sharesGuessed: guessed,
    ...(before.method && { before: { columns: before.columns, method: before.method } }),
    notes: [
      ...faultNote(file, "left out"),
      ...arms.notes,
      ...people.notes,
      ...(guessed ? [sharesNote(arms.names, shares)] : []),
      ...outcome.notes,
      ...before.notes,
      ...result.notes,
    ],
  };
}

function refuseSame(path: string, arms: FileArms, outcome: FileOutcome): void {
  if (arms.column !== outcome.column) return;
  throw new InchwormError("input", `--arm and --outcome both name "${arms.column}" of ${path}.`, {
    hint: "Name the column of who was treated how, and another of what came of it.",
  });
}

function valuesOf(
  { values }: FileOutcome,
  people: People,
  missing: number | undefined,
): Float64Array {
  const yesOrNo = values.every((value) => Number.isNaN(value) || value === 0 || value === 1);
  const each = perPerson(values, people, yesOrNo ? "most" : "sum");
  return missing === undefined
    ? each
    : each.map((value) => (Number.isNaN(value) ? missing : value));
}

/** The control's mean, to state an effect as a share of it. */
function base(arm: Int32Array, values: Float64Array, below: Float64Array | undefined): number {
  let [above, under] = [0, 0];
  for (const [row, place] of arm.entries()) {
    const part = below ? below[row] : 1;
    if (place !== 0 || !Number.isFinite(values[row]) || !Number.isFinite(part)) continue;
    above += values[row];
    under += part;
  }
  return Math.abs(above / under);
}

async function segmentsOf(
  file: FlatFile,
  path: string,
  wanted: string | undefined,
  rows: Int32Array,
): Promise<{ codes: Int32Array; levels: readonly string[] } | undefined> {
  if (wanted === undefined) return undefined;
  const column = columnNamed(path, file.columns, "--segment", wanted);
  const { codes, levels } = await file.levels(file.text(column));
  if (levels.length <= mostSegments) return { codes: rows.map((row) => codes[row]), levels };
  throw new InchwormError(
    "input",
    `"${column}" of ${path} has ${levels.length} different values; effects are looked at in at most ${mostSegments}.`,
    { hint: "Name a column of groups, such as countries, with --segment." },
  );
}
const mostSegments = 200;

const sharesNote = (names: readonly string[], shares: readonly number[]): string =>
  `Arms are taken to have been designed as ${names.map((name, place) => `${Number((100 * shares[place]).toFixed(1))} % "${name}"`).join(", ")}; say otherwise with --shares.`;
