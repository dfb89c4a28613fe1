import { call, type Fragment, type Sql, sql } from "../sql.js";
import type { Cut } from "./cut.js";

/** A feature: an aggregate over one contact's rows. */
export interface Feature {
  readonly value: (cut: Cut) => Fragment;
  /** What it is for a contact without a row in the group: nothing counted, or not defined. */
  readonly absent: 0 | typeof Number.NaN;
}

/** Features that come from one pass over the same rows. */
export interface FeatureGroup {
  /** What to aggregate by `contact_id`: a table or subquery with its conditions. */
  readonly rows: (cut: Cut) => Sql;
  readonly features: Readonly<Record<string, Feature>>;
}

/** Zero for those without a row. */
export const counted = (value: (cut: Cut) => Fragment): Feature => ({ value, absent: 0 });

/** Missing for those without a row. */
export const defined = (value: (cut: Cut) => Fragment): Feature => ({ value, absent: Number.NaN });

/** NULL where the denominator is zero. */
export const ratio = (part: Fragment, whole: Fragment): Sql =>
  sql`(${call("f64", part)} / nullif(${call("f64", whole)}, 0))`;

/** A feature made of others, row by row: of features that come from different rows of history. */
export interface Derived {
  readonly from: readonly string[];
  readonly value: (...values: number[]) => number;
}
