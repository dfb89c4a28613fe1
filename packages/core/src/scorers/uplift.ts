import {
  type Artifact,
  groupsOf,
  type UpliftEffects,
  type UpliftModel,
  uplift as upliftEstimator,
  upliftGroups,
} from "@inchworm/learn";
import { type FieldValue, InchwormError } from "@inchworm/spec";
import type { FeatureTable } from "@inchworm/store";
import { distinct } from "../dataset.js";
import { atLeastOne } from "../probability/options.js";
import { reasonsFor, topicOf } from "../reasons.js";
import type { Scorer } from "../scorer.js";
import { upliftCard } from "./uplift-card.js";
import { upliftFields } from "./uplift-fields.js";
import { type UpliftOutcome, upliftOutcomes, upliftPast } from "./uplift-past.js";

export interface UpliftScorerOptions {
  /** The holdout whose people are compared: a campaign's, or "universal". Defaults to "universal". */
  readonly treatment?: string;
  /** What is to be changed. Defaults to "ordered". */
  readonly outcome?: UpliftOutcome;
  /** Within so many days of getting an arm. Defaults to 30. */
  readonly horizonDays?: number;
  /** What 1 of the outcome is worth. Defaults to 1. */
  readonly value?: number;
  /** What the message costs for one person, in the same money. Defaults to 0. */
  readonly cost?: number;
}

const name = "uplift";
const defaults = {
  treatment: "universal",
  outcome: "ordered",
  horizonDays: 30,
  value: 1,
  cost: 0,
} as const;

interface UpliftArtifact {
  readonly scorer: typeof name;
  readonly model: Artifact;
}

/**
 * Whom a message changes, told from people who were left without it by lot: persuadable, sure anyway, lost, or better not disturbed,
 * what it is expected to bring, and per unit of its cost. Withheld where no ranking beats a random order beyond doubt on people it had
 * not seen: then there is no signal, and the card says whether to treat all or none.
 */
export function uplift(options: UpliftScorerOptions = {}): Scorer {
  const { treatment, outcome, value, cost } = { ...defaults, ...options };
  const days = atLeastOne(name, "horizonDays", options.horizonDays ?? defaults.horizonDays);
  if (!upliftOutcomes.includes(outcome))
    throw new InchwormError("input", `${name}: there is no outcome "${String(outcome)}".`, {
      hint: `Known are ${upliftOutcomes.join(", ")}.`,
    });
  if (!(value > 0 && value < Infinity) || !(cost >= 0 && cost < Infinity))
    throw new InchwormError(
      "input",
      `${name}: "value" must be a number > 0 and "cost" a number ≥ 0, got ${value} and ${cost}.`,
    );

  return {
    name,
    options: { treatment, outcome, horizonDays: days, value, cost },
    fields: upliftFields,

    async train(history, { asOf, seed, signal, onProgress }) {
      const told = (share: number) => onProgress?.({ step: name, done: share, total: 1 });
      const past = await upliftPast(history, { treatment, outcome, days, asOf, signal });
      told(0.1);
      const model = await upliftEstimator({ seed }).fit(past.trial, {
        ...(signal && { signal }),
        onProgress: (share) => told(0.1 + 0.85 * share),
      });
      const card = upliftCard(model, past, { outcome, days, asOf, seed });
      told(1);
      const artifact: UpliftArtifact = { scorer: name, model: model.save() };
      return { card, artifact, seen: distinct(past.contacts) };
    },

    async score(history, stored, { asOf, signal }) {
      const model = upliftEstimator().load(read(stored).model);
      const table = await history.features({ asOf, ...(signal && { signal }) });
      const effects = model.effects(table);
      const groups = groupsOf(effects, {
        controlMean: model.controlMean,
        leastEffect: cost / value,
      });
      const chosen = chosenArms(effects);
      const each = (of: (row: number) => FieldValue): FieldValue[] =>
        Array.from(table.contacts, (_, row) => of(row));
      const armOf = (row: number) => effects.arms[chosen[row]];
      const brought = (row: number) => value * armOf(row).effect[row];
      return {
        contacts: table.contacts,
        fields: {
          uplift_group: each((row) => upliftGroups[groups[row]]),
          uplift: each((row) => rounded(armOf(row).effect[row], 10_000)),
          uplift_low: each((row) => rounded(armOf(row).low[row], 10_000)),
          uplift_high: each((row) => rounded(armOf(row).high[row], 10_000)),
          uplift_arm: each((row) => (effects.best[row] < 0 ? null : armOf(row).arm)),
          uplift_gain: each((row) => rounded(brought(row) - cost, 100)),
          uplift_value_per_cost: each((row) =>
            cost > 0 ? rounded(brought(row) / cost, 100) : null,
          ),
        },
        reasons: reasonsOf(model, effects, chosen, table),
        abstained: new Array(table.rows).fill(undefined),
      };
    },
  };
}

/** The arm that is surest to help, or where none is, the one that may. */
function chosenArms({ arms, best }: UpliftEffects): Int32Array {
  return best.map((place, row) =>
    place >= 0
      ? place
      : arms.reduce((one, { low }, other) => (low[row] > arms[one].low[row] ? other : one), 0),
  );
}

/** Contributions to an effect beside the widest one, on the scale on which reasons are weighed. */
function reasonsOf(
  model: UpliftModel,
  { arms }: UpliftEffects,
  chosen: Int32Array,
  table: FeatureTable,
): string[][] {
  const reasons: string[][] = Array.from({ length: table.rows }, () => []);
  const column = new Map(table.columns.map((one) => [one.name, one.values]));
  for (const [place, { arm }] of arms.entries()) {
    if (!chosen.includes(place)) continue;
    const { columns, contributions } = model.explain(table, arm);
    let widest = 0;
    for (const part of contributions) widest = Math.max(widest, Math.abs(part));
    if (widest === 0) continue;
    const topics = topicOf(columns);
    for (const [row, own] of chosen.entries()) {
      if (own !== place) continue;
      const parts = contributions
        .subarray(row * columns.length, (row + 1) * columns.length)
        .map((part) => part / widest);
      const sum = parts.reduce((total, part) => total + part, 0);
      const feature = (wanted: string) => column.get(wanted)?.[row] ?? Number.NaN;
      reasons[row] = reasonsFor(topics, parts, sum >= 0 ? 1 : -1, feature);
    }
  }
  return reasons;
}

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;

/** @throws InchwormError "artifact" when it is not one of this scorer's */
function read(stored: unknown): UpliftArtifact {
  const { scorer, model } = (stored ?? {}) as Partial<UpliftArtifact>;
  if (scorer === name && model) return { scorer, model };
  throw new InchwormError("artifact", `${name}: what the store holds is not its model.`, {
    hint: `Train again: inchworm train --scorers ${name}.`,
  });
}
