import {
  firstArm,
  type Table,
  takeRows,
  type UpliftEffects,
  type UpliftModel,
  uplift,
} from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { faultNote, refuseFaulty } from "../fit/data.js";
import { columnNamed, columnsNamed } from "../table/names.js";
import { readTable } from "../table/read-table.js";
import type { Reading } from "../table/reading.js";
import { tellColumns } from "../table/tell.js";
import { plural } from "../terminal.js";
import { type ArmOptions, tellArms } from "./arms.js";
import { armCard, type UpliftCard } from "./card.js";
import { findUpliftLeaks } from "./leaks.js";
import { readOutcome } from "./outcome.js";
import { readPropensities } from "./propensities.js";
import { gainOf, type Worth } from "./worth.js";

export interface UpliftFileOptions extends ArmOptions, Worth {
  readonly treatment: string;
  readonly outcome: string;
  readonly positive?: string;
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
  /** The column of each person's chance to be treated. */
  readonly propensity?: string;
  /** Arms were not drawn by lot: estimate the chances. */
  readonly estimatePropensities?: boolean;
  readonly folds: number;
  readonly repeats?: number;
  readonly seed: number;
  readonly separator?: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface UpliftFile {
  readonly card: UpliftCard;
  readonly model: UpliftModel;
  readonly readings: readonly Reading[];
  /** Of every row of the file that could be read, treated or not. */
  readonly effects: UpliftEffects;
  /** Their places in the file, from 0. */
  readonly places: Int32Array;
}

/**
 * Learns from a flat file whom a treatment changes.
 *
 * @throws InchwormError "input" when the file, a column or a value is not what the options say; LearnError "input" with too few people
 */
export async function upliftFile(path: string, options: UpliftFileOptions): Promise<UpliftFile> {
  const { separator, signal, onProgress } = options;
  const file = await openFlatFile(path, { signal, onProgress, ...(separator && { separator }) });
  try {
    return await learn(file, path, options);
  } finally {
    await file.close();
  }
}

async function learn(
  file: FlatFile,
  path: string,
  options: UpliftFileOptions,
): Promise<UpliftFile> {
  const { seed, folds, repeats, signal } = options;
  const percent = (step: string) => (share: number) =>
    options.onProgress({ step, done: Math.floor(100 * share), total: 100, unit: "%" });
  refuseFaulty(file, path);
  const named = namedColumns(file, path, options);
  const arms = await tellArms(file, path, named.treatment, options);
  const outcome = await readOutcome(file, path, named.outcome, options.positive);
  const { readings, leftOut, notes } = await tellColumns(
    file,
    file.columns.filter((column) => !named.used.includes(column)),
    named.keep,
    percent("looking at columns"),
  );
  if (readings.length === 0)
    throw new InchwormError(
      "input",
      `${path} has no column to tell people apart by${leftOut.length > 0 ? ` (${leftOut.map((one) => `"${one.column}": ${one.because}`).join("; ")})` : ""}.`,
      { hint: "Bring more columns, or name some of these with --keep." },
    );
  const all = await readTable(file, readings);
  const [good] = await file.floats(["case when fault is null then 1 end"]);
  const chances = await readPropensities(file, path, named.propensity, arms.names);
  const inArm = Int32Array.from(arms.arm.keys()).filter((row) => arms.arm[row] >= 0);
  const rows = inArm.filter(
    (row) => !Number.isNaN(outcome.values[row]) && (chances?.known[row] ?? 1) === 1,
  );
  const lost = inArm.length - rows.length;
  const trial = {
    table: takeRows(all, rows),
    arms: arms.names,
    arm: Int32Array.from(rows, (row) => arms.arm[row]),
    outcome: Float64Array.from(rows, (row) => outcome.values[row]),
  };
  refuseFew(path, named.treatment, trial);
  const leaks = findUpliftLeaks(trial.table, trial.arm, trial.arms, trial.outcome, seed);
  const propensities = options.estimatePropensities ? "estimated" : chances?.of(rows);
  const model = await uplift({ seed, folds, ...(repeats !== undefined && { repeats }) }).fit(
    { ...trial, ...(propensities && { propensities }) },
    { signal, onProgress: percent("learning whom it changes") },
  );
  const places = Int32Array.from(good.keys()).filter((row) => good[row] === 1);
  const effects = model.effects(takeRows(all, places));
  return {
    model,
    readings,
    effects,
    places,
    card: {
      ...armCard(firstArm(model.arms)),
      treatment: named.treatment,
      control: model.control,
      controlMean: model.controlMean,
      outcome: named.outcome,
      ...(outcome.positive !== undefined && { positive: outcome.positive }),
      arms: model.arms.map(armCard),
      ...gainOf(model, effects, options),
      propensities: options.estimatePropensities ? "estimated" : chances ? "column" : "constant",
      ...leaks,
      columns: readings.length,
      leftOut,
      notes: [
        ...faultNote(file, "left out"),
        ...arms.notes,
        ...(lost > 0
          ? [
              `${plural(lost, "row")} without a "${named.outcome}"${chances ? " or a propensity" : ""} ${lost === 1 ? "is" : "are"} left out.`,
            ]
          : []),
        ...outcome.notes,
        ...notes,
      ],
      seed,
    },
  };
}

function namedColumns({ columns }: FlatFile, path: string, options: UpliftFileOptions) {
  const named = (option: string, name: string) => columnNamed(path, columns, option, name);
  const treatment = named("--treatment", options.treatment);
  const outcome = named("--outcome", options.outcome);
  if (treatment === outcome)
    throw new InchwormError("input", `"${outcome}" is both the treatment and the outcome.`, {
      hint: "Give --treatment and --outcome different columns.",
    });
  const propensity =
    options.propensity === undefined ? undefined : named("--propensity", options.propensity);
  if (propensity !== undefined && options.estimatePropensities)
    throw new InchwormError("input", "Propensities are either in a column or estimated.", {
      hint: "Leave out --propensity or --estimate-propensities.",
    });
  const drop = columnsNamed(path, columns, "--drop", options.drop);
  const keep = columnsNamed(path, columns, "--keep", options.keep);
  const used = [treatment, outcome, ...drop, ...(propensity === undefined ? [] : [propensity])];
  return { treatment, outcome, propensity, keep, used };
}

/** As the estimator does, but in the file's words. */
function refuseFew(
  path: string,
  column: string,
  {
    arms,
    arm,
  }: { readonly arms: readonly string[]; readonly arm: Int32Array; readonly table: Table },
): void {
  for (const [place, name] of arms.entries()) {
    const people = arm.reduce((sum, one) => sum + Number(one === place), 0);
    if (people < leastPeople)
      throw new InchwormError(
        "input",
        `Only ${plural(people, "row")} of ${path} with an outcome ${people === 1 ? "has" : "have"} the "${column}" ${name.includes("@") ? "…" : `"${name}"`}, and ${leastPeople} are needed.`,
        { hint: "Bring more people, or name other arms with --treated and --control." },
      );
  }
}

const leastPeople = 20;
