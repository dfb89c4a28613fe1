import { InchwormError, type Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { universal } from "../holdout/hold-out.js";
import type { Scorer } from "../scorer.js";
import type { Decided, DecideOptions } from "./types.js";

/**
 * Parts those a campaign is meant for into whom it goes to and who goes without, and keeps the decision with score, arm, chance and
 * cost.
 *
 * @throws InchwormError "not-found" where there is no holdout; "input" for a scorer without a score
 */
export async function decide(
  store: Store,
  options: DecideOptions,
  context: { readonly now: Instant; readonly scorerOf: (name: string) => Promise<Scorer> },
): Promise<Decided> {
  const { campaign, scorer, action = "send", cost = 0 } = options;
  if (typeof campaign !== "string" || campaign.trim() === "")
    throw new InchwormError("input", 'decide: "campaign" is missing.', {
      hint: "Give the id by which its events will come back.",
    });
  if (!(cost >= 0) || !Number.isFinite(cost))
    throw new InchwormError("input", `decide: "cost" must be a number ≥ 0, got ${cost}.`);
  const standing = (await store.holdouts()).map(({ name }) => name);
  const holdout = options.holdout ?? (standing.includes(campaign) ? campaign : universal);
  const drawn = await store.holdoutArms(holdout);
  const asked = options.contacts && new Set(Array.from(options.contacts));
  const rows = Int32Array.from(drawn.contacts.keys()).filter(
    (row) => asked === undefined || asked.has(drawn.contacts[row]),
  );
  const contacts = rows.map((row) => drawn.contacts[row]);
  const arms = Uint8Array.from(rows, (row) => drawn.arms[row]);
  const scored =
    scorer === undefined ? undefined : await scoresNow(store, scorer, contacts, context);
  await store.logDecisions({
    campaign,
    at: context.now,
    contacts,
    arms,
    armNames: drawn.armNames,
    actions: drawn.armNames.map((name, place) =>
      place === 0 ? "nothing" : drawn.armNames.length === 2 ? action : `${action}: ${name}`,
    ),
    propensities: Float64Array.from(rows, (row) => drawn.shares[row]),
    holdout,
    costs: drawn.armNames.map((_, place) => (place === 0 ? 0 : cost)),
    ...(scorer !== undefined && scored && { scorer, ...scored }),
  });
  return {
    treat: contacts.filter((_, row) => arms[row] > 0),
    without: contacts.filter((_, row) => arms[row] === 0),
    unassigned: asked === undefined ? 0 : asked.size - contacts.length,
  };
}

async function scoresNow(
  store: Store,
  name: string,
  contacts: Int32Array,
  { scorerOf }: { readonly scorerOf: (name: string) => Promise<Scorer> },
): Promise<{ readonly modelId: string; readonly scores: Float64Array }> {
  const scorer = await scorerOf(name);
  const field = scorer.outcome?.field ?? scorer.fields.find(({ type }) => type === "number")?.name;
  if (field === undefined)
    throw new InchwormError("input", `decide: ${name} gives no number.`, {
      hint: "Leave the scorer out.",
    });
  const given = await store.scoreValues(name, field);
  if (given === undefined)
    throw new InchwormError("input", `decide: ${name} has given no scores.`, {
      hint: "Score first: inchworm score.",
    });
  const values = new Map(
    Array.from(given.contacts, (contact, row) => [contact, given.values[row]]),
  );
  const scores = Float64Array.from(contacts, (contact) => values.get(contact) ?? Number.NaN);
  return { modelId: given.modelId, scores };
}
