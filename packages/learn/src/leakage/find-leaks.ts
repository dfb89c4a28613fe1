import type { Table } from "../types.js";
import { type SingleColumn, singleColumns } from "./single-columns.js";

/** A column that ranks this well alone is rarely known before the outcome. */
const suspiciousAlone = 0.9;
/** Neither is all that a model this good learned from. */
const suspiciousModel = 0.9;
/** Then names are looked at too, of columns that tell this much. */
const telling = 0.52;

/** What is written down when the outcome is near or there: states, judgements, reasons, ends. */
const laterWords =
  /^(?:after|cancel\w*|clos(?:e|ed|ing)|disposition|duration|end|ended|final|grade|index|last|latest|outcome|predict\w*|probability|profile|propensity|quality|rank|rating|reasons?|refund\w*|resol\w+|results?|scores?|stage|status|tags?)$/;

/** A column that looks as if it was filled in after the outcome. */
export interface Leak {
  readonly column: string;
  /** Of this column alone, on rows that its rates were not taken from. */
  readonly auc: number;
  /** Why it looks so, in words. */
  readonly because: string;
}

export interface LeakOptions {
  /** AUC of a model of all columns, on rows it has not seen: from .9 on, names are looked at too. Defaults to .5. */
  readonly modelAuc?: number;
  /** Defaults to 0. */
  readonly seed?: number;
}

const defaults = { modelAuc: 0.5, seed: 0 } satisfies Required<LeakOptions>;

/**
 * Columns that look as if they were filled in after the outcome, most telling first: those that tell it alone, and where the model
 * is too good to be true, those whose (English) names say so. A hint: nothing is dropped by itself.
 *
 * @throws LearnError "input" when table and labels do not belong together, or only one outcome occurs
 */
export function findLeaks(table: Table, labels: Float64Array, options: LeakOptions = {}): Leak[] {
  const { modelAuc, seed } = { ...defaults, ...options };
  const leaks = singleColumns(table, labels, seed).flatMap(
    ({ name, auc }: SingleColumn): Leak[] => {
      const alone = `alone it tells the outcome with an AUC of ${auc.toFixed(3)}`;
      if (auc >= suspiciousAlone) return [{ column: name, auc, because: alone }];
      const word = modelAuc >= suspiciousModel && auc >= telling ? laterWord(name) : undefined;
      if (!word) return [];
      const because = `the model is too good (AUC ${modelAuc.toFixed(3)}), and "${word}" may be known only later; ${alone}`;
      return [{ column: name, auc, because }];
    },
  );
  return leaks.sort((one, other) => other.auc - one.auc);
}

const laterWord = (name: string): string | undefined =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .split(/[^\p{L}]+/u)
    .find((word) => laterWords.test(word.toLowerCase()));
