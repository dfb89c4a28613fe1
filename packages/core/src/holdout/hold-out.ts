import { InchwormError, type Instant } from "@inchworm/spec";
import type { HoldOutResult, HoldoutDefinition, Store } from "@inchworm/store";
import { publishArms } from "./publish.js";

/** A holdout in few words, or as exactly as the store has it. */
export interface HoldOutSettings extends Omit<HoldoutDefinition, "name" | "arms"> {
  /** A campaign's id. Defaults to "universal": held out from everything. */
  readonly name?: string;
  /** Share that is held out, the others being "treated". Defaults to 0.1. */
  readonly share?: number;
  /** Several arms, the control first, in place of a share. */
  readonly arms?: HoldoutDefinition["arms"];
  /** Draws everybody anew. */
  readonly renew?: boolean;
}

export const universal = "universal";
const defaults = { name: universal, share: 0.1 };

/**
 * Gives an arm to everybody who has none, keeps it, and makes it a field that the next plan writes. A campaign's holdout is drawn from
 * those who are not held out from everything, unless it says otherwise.
 *
 * @throws InchwormError as `Store.holdOut`
 */
export async function holdOut(
  store: Store,
  settings: HoldOutSettings,
  { now, asOf }: { readonly now: Instant; readonly asOf: Instant },
): Promise<HoldOutResult> {
  const { name, share, renew, arms, ...rest } = { ...defaults, ...settings };
  if (arms === undefined && !(share > 0 && share < 1))
    throw new InchwormError("input", `holdout: "share" must be above 0 and below 1, got ${share}.`);
  const standing = await store.holdouts();
  const same = standing.find((one) => one.name === name);
  const around = standing.some((one) => one.name === universal) && name !== universal;
  // what is not said of one that stands is as it was
  const asBefore = same && !renew && settings.share === undefined && arms === undefined;
  const definition: HoldoutDefinition = {
    name,
    arms: asBefore
      ? same.arms
      : (arms ?? [
          { name: "holdout", share },
          { name: "treated", share: 1 - share },
        ]),
    ...(same
      ? {
          ...(same.stratum !== undefined && { stratum: same.stratum }),
          ...(same.within !== undefined && { within: same.within }),
        }
      : around && { within: universal }),
    ...rest,
  };
  const result = await store.holdOut(definition, { now, ...(renew && { renew }) });
  await publishArms(store, asOf);
  return result;
}

/** Gives arms to whoever has come since, in every holdout that stands. */
export async function holdOutNewcomers(
  store: Store,
  { now, asOf }: { readonly now: Instant; readonly asOf: Instant },
): Promise<void> {
  const standing = await store.holdouts();
  for (const { version: _, createdAt: __, counts: ___, conflicts: ____, ...definition } of standing)
    await store.holdOut(definition, { now });
  if (standing.length > 0) await publishArms(store, asOf);
}
