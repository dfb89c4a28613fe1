import type { Instant } from "@inchworm/spec";

export interface ContractsOptions {
  readonly asOf: Instant;
  readonly signal?: AbortSignal;
}

/** One value per contract and term. */
export interface Contracts {
  readonly rows: number;
  readonly contacts: Int32Array;
  /** The number of the contract, from 0; its terms stand together. */
  readonly contracts: Int32Array;
  /** When the contract began. */
  readonly start: Float64Array;
  /** From when to when the term's plan and price held; of the latest term `Infinity`. The first one that is known counts from the start. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** When it was cancelled in this term, or ended without being renewed; `NaN` where neither had happened before `asOf`. */
  readonly left: Float64Array;
  /** Places in `plans`, -1 = not known. */
  readonly plan: Int32Array;
  /** Plans of days before `asOf` in the order of their code points. */
  readonly plans: readonly string[];
  /** `NaN` where it is not known. */
  readonly price: Float32Array;
}
