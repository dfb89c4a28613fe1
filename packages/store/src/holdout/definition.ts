import { InchwormError } from "@inchworm/spec";
import type { Session } from "../session.js";
import type { Holdout, HoldoutArm, HoldoutDefinition } from "../types/holdout.js";

interface StoredHoldout {
  readonly name: string;
  readonly version: number;
  readonly salt: string;
  readonly arms: string;
  readonly stratum: NonNullable<HoldoutDefinition["stratum"]> | null;
  readonly within: string | null;
  readonly createdAt: number;
}

/** The latest version of every holdout, or of one, in the order they were made. */
export async function holdouts(session: Session, name?: string): Promise<readonly Holdout[]> {
  const found = await session.rows<StoredHoldout>(
    `select holdout as name, version, salt, arms::varchar as arms, stratum, within, created_at as "createdAt"
    from holdouts where ?::varchar is null or holdout = ?
    qualify row_number() over (partition by holdout order by version desc) = 1 order by created_at, holdout`,
    [name ?? null, name ?? null],
  );
  const counts = await session.rows<{
    holdout: string;
    version: number;
    arm: string;
    people: number;
  }>("select holdout, version, arm, count(*) as people from holdout_arms group by all");
  const conflicts = await session.rows<{ holdout: string; version: number; people: number }>(
    "select holdout, version, count(*) as people from holdout_conflicts group by all",
  );
  return found.map(({ arms: written, stratum, within, ...rest }) => {
    const arms = JSON.parse(written) as HoldoutArm[];
    const own = <Row extends { holdout: string; version: number }>(rows: readonly Row[]) =>
      rows.filter((row) => row.holdout === rest.name && row.version === rest.version);
    return {
      ...rest,
      arms,
      ...(stratum !== null && { stratum }),
      ...(within !== null && { within }),
      counts: arms.map(({ name: arm }) => own(counts).find((row) => row.arm === arm)?.people ?? 0),
      conflicts: own(conflicts)[0]?.people ?? 0,
    };
  });
}

const closeTo = 1e-9;

/** @throws InchwormError "input" naming what is wrong */
export function checkDefinition({ name, arms, within }: HoldoutDefinition): void {
  const refuse = (what: string, hint?: string) =>
    new InchwormError("input", `holdout: ${what}`, hint === undefined ? {} : { hint });
  if (typeof name !== "string" || name.trim() === "")
    throw refuse("it has no name.", 'Give a campaign\'s id, or "universal".');
  if (arms.length < 2 || arms.length > 250)
    throw refuse(`it takes 2 to 250 arms, got ${arms.length}.`);
  const names = arms.map((arm) => arm.name.trim());
  if (names.some((one) => one === "") || new Set(names).size < names.length)
    throw refuse("every arm needs a name of its own.");
  if (!arms.every(({ share }) => share > 0 && share < 1))
    throw refuse("every share must be above 0 and below 1.");
  const whole = arms.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(whole - 1) > closeTo)
    throw refuse(`shares must add up to 1, and these to ${whole}.`);
  if (within === name) throw refuse("it cannot be within itself.");
}

/** Whether what is asked for is what stands. */
export function sameDefinition(one: HoldoutDefinition, standing: Holdout): boolean {
  const plain = ({ arms, stratum, within }: HoldoutDefinition) =>
    JSON.stringify([arms.map(({ name, share }) => [name, share]), stratum ?? null, within ?? null]);
  return plain(one) === plain(standing) && (one.salt ?? standing.salt) === standing.salt;
}

/** @throws InchwormError "not-found" */
export async function holdoutNamed(session: Session, name: string): Promise<Holdout> {
  const [found] = await holdouts(session, name);
  if (found) return found;
  throw new InchwormError("not-found", `There is no holdout "${name}".`, {
    hint: "Make it first: inchworm holdout NAME --share 0.1.",
  });
}
