import type { CallContext, RecordBatch } from "@inchworm/spec";
import type { Row } from "../row.js";

/** One query of a source, and what becomes of its rows. */
export interface Step {
  readonly object: string;
  /** Fields by their paths; `Id` and `SystemModstamp` are asked for anyway. */
  readonly fields: readonly string[];
  /** Child queries, with their brackets. They keep a step from being read by a bulk job. */
  readonly children?: readonly string[];
  /** What always holds. */
  readonly where?: string;
  /** What has changed since, as SOQL; `undefined` where the step is for full runs only. Defaults to the row's own change. */
  readonly changed?: (since: string) => string;
  /** Which runs the step belongs to. Defaults to both. */
  readonly runs?: "full" | "later";
  /** Rows of the recycle bin instead of living ones. */
  readonly deleted?: boolean;
  records(
    rows: readonly Row[],
    context: CallContext & { readonly now: number },
  ): RecordBatch | Promise<RecordBatch>;
}
