import type { Database } from "../database.js";
import { columnsOf } from "../features/gather.js";
import { profiling } from "../people.js";
import type { Session } from "../session.js";
import type { AssignedArm, HoldoutArms } from "../types/holdout.js";
import { holdoutNamed } from "./definition.js";

/** See `Store.holdoutArms`. */
export async function holdoutArms(database: Database, name: string): Promise<HoldoutArms> {
  const snapshot = await database.snapshot();
  try {
    const { arms, version } = await holdoutNamed(snapshot, name);
    const armNames = arms.map((arm) => arm.name);
    const those = "from holdout_arms where holdout = $1 and version = $2";
    const strata = await snapshot.rows<{ name: string }>(
      `select distinct stratum as name ${those} and stratum is not null order by name`,
      [name, version],
    );
    const stratumNames = strata.map(({ name: stratum }) => stratum);
    const place = (list: string, column: string) =>
      `coalesce(list_position(${list}::varchar[], ${column}), 0)::integer - 1`;
    const [contacts, codes, shares, assignedAt, levels] = await columnsOf(
      snapshot.stream(
        `select contact_id, ${place("$3", "arm")}, share, epoch_us(assigned_at) / 1000.0, ${stratumNames.length > 0 ? place("$4", "stratum") : "-1::integer"}
        ${those} and contact_id not in (select contact_id from (${profiling}) where status = 'denied')
        order by contact_id`,
        stratumNames.length > 0
          ? [name, version, armNames, stratumNames]
          : [name, version, armNames],
      ),
      [Int32Array, Int32Array, Float64Array, Float64Array, Int32Array],
    );
    return {
      contacts,
      arms: Uint8Array.from(codes),
      armNames,
      shares,
      assignedAt,
      strata: levels,
      stratumNames,
    };
  } finally {
    await snapshot.end();
  }
}

/** Every arm that a person was ever given, the latest version of each holdout last. */
export const armsOf = (session: Session, contact: number): Promise<AssignedArm[]> =>
  session.rows<AssignedArm>(
    `select holdout, version, arm, assigned_at as "assignedAt" from holdout_arms where contact_id = ?
    order by holdout, version`,
    [contact],
  );
