import type { VariantBatch } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { openFlatFile } from "@inchworm/store";
import { type Role, readLog } from "../log/read-log.js";
import { columnNamed, shown as listOf } from "../table/names.js";
import { common as lines } from "../text/columns.js";

export interface VariantColumns {
  readonly variant?: string;
  readonly shown?: string;
  readonly clicked?: string;
  readonly batch?: string;
  readonly hours?: string;
}

const common = {
  variant: ["variant", "arm", "version", ...lines.text],
  shown: lines.shown,
  clicked: lines.clicked,
  batch: ["batch", "wave", "send", "day"],
  hours: ["hours", "age", "hours since", "hours_since"],
} as const;
const needed = ["variant", "shown", "clicked"] as const;

/**
 * Counts so far: one row per variant, or per variant and batch. Rows of one batch and variant are added up.
 *
 * @throws InchwormError "input" when the file or a column is not there, a number cannot be read, or a batch has two ages
 */
export async function readVariants(
  path: string,
  given: VariantColumns,
  options: {
    readonly separator?: string;
    readonly signal: AbortSignal;
    readonly onProgress: OnProgress;
  },
) {
  const { separator, signal, onProgress } = options;
  const way = separator === undefined ? {} : { separator };
  const file = await openFlatFile(path, way);
  const { columns } = file;
  await file.close();
  const found: Partial<Record<keyof VariantColumns, string>> = {};
  for (const role of Object.keys(common) as (keyof VariantColumns)[]) {
    const name = given[role];
    const column =
      name === undefined
        ? columns.find((one) =>
            (common[role] as readonly string[]).includes(one.trim().toLowerCase()),
          )
        : columnNamed(path, columns, `--${role}`, name);
    if (column !== undefined) found[role] = column;
  }
  for (const role of needed)
    if (found[role] === undefined)
      throw new InchwormError("input", `${path} has no column that looks like --${role}.`, {
        hint: `Name it with --${role}; the columns are ${listOf(columns)}.`,
      });
  const roles = Object.entries(found).map(
    ([role, column]): Role => ({
      option: `--${role}`,
      kind: role === "variant" || role === "batch" ? "id" : "number",
      column,
    }),
  );
  const log = await readLog(path, roles, {
    header: true,
    signal,
    onProgress,
    maxRejects: 0,
    ...way,
  });
  const variants = log.id("--variant");
  const batches = found.batch === undefined ? undefined : log.id("--batch");
  const ages = found.hours === undefined ? undefined : log.values("--hours");
  const [shown, clicked] = [log.values("--shown"), log.values("--clicked")];
  const made = new Map<string, Mutable>();
  for (let row = 0; row < log.rows; row++) {
    const name = batches ? batches.levels[batches.codes[row]] : "all";
    const variant = variants.levels[variants.codes[row]];
    const batch: Mutable = made.get(name) ?? { name, counts: new Map() };
    made.set(name, batch);
    const hours = ages?.[row];
    if (hours !== undefined && !Number.isNaN(hours)) {
      if (batch.hours !== undefined && batch.hours !== hours)
        throw new InchwormError(
          "input",
          `Batch "${name}" of ${path} is ${batch.hours} and ${hours} hours old.`,
          { hint: "A batch is what was sent at one time: name their column with --batch." },
        );
      batch.hours = hours;
    }
    const known = batch.counts.get(variant) ?? { shown: 0, clicked: 0 };
    batch.counts.set(variant, {
      shown: known.shown + shown[row],
      clicked: known.clicked + clicked[row],
    });
  }
  return {
    variants: variants.levels,
    columns: found,
    notes: log.notes,
    batches: [...made.values()].map(
      ({ name, counts, hours }): VariantBatch => ({
        name,
        counts: Object.fromEntries(counts),
        ...(hours !== undefined && { hours }),
      }),
    ),
  };
}

interface Mutable {
  readonly name: string;
  readonly counts: Map<string, { shown: number; clicked: number }>;
  hours?: number;
}
