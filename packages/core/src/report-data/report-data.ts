import { featureCatalogue, type ScoreSummary, type StoredModel } from "@inchworm/store";
import { boughtTogether } from "../bought-together.js";
import { explain } from "../explain.js";
import { prove } from "../proof/prove.js";
import type { Scorer } from "../scorer.js";
import type { Base } from "../workspace-base.js";
import { masked } from "./mask.js";
import type { ReportContact, ReportData, ReportOptions, ReportScorer } from "./types.js";

/** Fields that part contacts into groups that a picture can show. */
const grouping = [
  { scorer: "segments", field: "segment" },
  { scorer: "data-segments", field: "data_segment" },
  { scorer: "time-zones", field: "time_zone_segment" },
];
const mostPairs = 20;
const proofDays = 30;

/**
 * Reads what a report tells. Everything is counted where it lies: the answer is as small for a million contacts as for a thousand.
 *
 * @throws InchwormError "insufficient-data" when there is no history, or nothing is trained yet; "not-found" for a contact who is
 *   not here
 */
export async function reportData(base: Base, options: ReportOptions = {}): Promise<ReportData> {
  const { store, work, seed, asOf: lastDay } = base;
  const signal = work.signal && { signal: work.signal };
  const models = await base.trained();
  const asOf = await lastDay();
  const contact = options.contact === undefined ? {} : { contact: await contactOf(base, options) };
  const known = models.map((model) => ({ model, ...numberOf(base, model) }));
  const figures = await store.figures({
    asOf,
    numbers: known.flatMap(({ model, number }) =>
      number ? [{ scorer: model.scorer, ...number }] : [],
    ),
    groups: grouping.filter(({ scorer }) => models.some((model) => model.scorer === scorer)),
  });
  const summaries = new Map((await store.scoreSummary()).map((each) => [each.scorer, each]));
  work.signal?.throwIfAborted();
  const decided = (await store.decisionLog({ asOf })).length > 0;
  const { spreads, moves, groups, ranks, hours, deliveries } = figures;
  return {
    asOf,
    summary: await store.summary(asOf),
    scorers: known.map(({ model, number }): ReportScorer => {
      const spread = spreads.find(({ scorer }) => scorer === model.scorer);
      const move = moves.find(({ scorer }) => scorer === model.scorer);
      return {
        ...scorerOf(model, summaries.get(model.scorer)),
        ...(number && { number }),
        ...(spread && { spread }),
        ...(move && { move }),
      };
    }),
    groups,
    ranks,
    hours,
    deliveries,
    pairs: (await boughtTogether(store, { asOf, ...signal })).slice(0, mostPairs),
    ...(decided && {
      proof: await prove(store, {
        asOf,
        days: proofDays,
        seed,
        ...signal,
        scorerOf: async (name) => {
          const model = models.find(({ scorer }) => scorer === name);
          return model && base.scorerOf(name, model.options);
        },
      }),
    }),
    ...contact,
  };
}

/** The number that a scorer is judged by, else the first that it publishes. */
function numberOf(
  { scorerOf }: Base,
  { scorer: name, options }: StoredModel,
): Pick<ReportScorer, "number"> {
  let scorer: Scorer;
  try {
    scorer = scorerOf(name, options);
  } catch {
    return {}; // a scorer of somebody's own program: its card is shown, its numbers are not known by name
  }
  const { fields, outcome } = scorer;
  const field =
    fields.find((each) => each.name === outcome?.field) ??
    fields.find(({ type }) => type === "number");
  // the best hour of the week has a picture of its own
  if (!field || name === "send-time") return {};
  const probability = outcome?.kind === "probability" && outcome.field === field.name;
  return { number: { field: field.name, label: field.label, probability } };
}

const labelOf = new Map(featureCatalogue.map(({ name, label }) => [name, label]));

function scorerOf({ id, scorer, card }: StoredModel, summary?: ScoreSummary): ReportScorer {
  const labels: Record<string, string> = {};
  for (const { feature } of card.drivers) {
    const label = labelOf.get(feature);
    if (label !== undefined) labels[feature] = label;
  }
  return {
    name: scorer,
    card,
    scored: summary?.scored ?? 0,
    abstained: summary?.abstained ?? 0,
    abstentions: Object.entries(summary?.abstentions ?? {}).map(([because, contacts]) => ({
      because,
      contacts,
    })),
    categories: summary?.categories ?? {},
    outdated: card.verdict === "published" && summary?.modelId !== id,
    ...(summary && { scoredAt: summary.asOf }),
    ...(summary?.drift && { drift: summary.drift }),
    labels,
  };
}

async function contactOf({ store }: Base, options: ReportOptions): Promise<ReportContact> {
  const found = await explain(store, options.contact ?? "");
  const identities = options.withPersonalData
    ? found.identities
    : found.identities.map(({ system, id }) => ({ system, id: masked(id) }));
  // nothing is told of somebody who refuses profiling but that
  if (found.profiling === "denied") return { ...found, identities, scores: [], timeline: [] };
  return { ...found, identities, timeline: await store.timeline(found.contact) };
}
