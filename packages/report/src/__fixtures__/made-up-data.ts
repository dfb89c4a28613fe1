import type { ReportData, ReportScorer } from "@inchworm/core";
import type { ProbabilityCard } from "@inchworm/spec";

const day = 86_400_000;
const asOf = Date.UTC(2026, 0, 1);
const measured = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });

function card(name: string): ProbabilityCard {
  return {
    kind: "probability",
    scorer: "churn",
    question: `Will this customer ${name}?`,
    verdict: "published",
    because: `It beat "${name}".`,
    trainedAt: asOf,
    windows: {
      training: { cutoffs: [asOf - 200 * day], labelsUntil: asOf - 90 * day },
      evaluation: { cutoff: asOf - 90 * day, labelsUntil: asOf },
      refit: { cutoffs: [asOf - 90 * day], labelsUntil: asOf },
    },
    calibration: Array.from({ length: 10 }, (_, at) => ({
      predicted: (at + 0.5) / 10,
      observed: at / 10,
      rows: 100,
    })),
    drivers: [
      { feature: name, weight: 2 },
      { feature: "days_since_order", weight: 1 },
    ],
    seed: 1,
    dataHash: "0",
    notes: [name],
    counts: {
      trainingRows: 2000,
      trainingPositives: 900,
      evaluationRows: 1000,
      evaluationPositives: 450,
    },
    baseRate: 0.45,
    metrics: {
      auc: measured(0.84),
      logLoss: measured(0.48),
      brier: measured(0.16),
      calibrationError: measured(0.03),
      liftTopDecile: measured(2),
    },
    rule: {
      name,
      auc: measured(0.74),
      logLoss: measured(0.6),
      calibrationError: measured(0.07),
      liftTopDecile: measured(1.6),
    },
    gain: { auc: measured(0.1), logLoss: measured(-0.12) },
  };
}

function proofOf(name: string): NonNullable<ReportData["proof"]> {
  const effect = { value: 0.02, low: 0.005, high: 0.035, error: 0.008, p: 0.01 };
  const verdict = { verdict: "brought" as const, because: name };
  const common = { since: asOf - 60 * day, cost: 10 };
  const ordered = {
    ...verdict,
    kind: "rate",
    arms: [],
    effects: [{ ...verdict, arm: "treated", effect, detectable: 0.02 }],
    notes: [],
  };
  return {
    asOf,
    days: 30,
    campaigns: [
      {
        ...verdict,
        ...common,
        campaign: name,
        people: 900,
        treated: 800,
        ordered: ordered as unknown as NonNullable<
          NonNullable<ReportData["proof"]>["campaigns"][number]["ordered"]
        >,
        detectable: 0.02,
      },
    ],
    scorers: [
      {
        ...verdict,
        ...common,
        scorer: name,
        campaigns: 1,
        alarms: [{ kind: "drift", because: name }],
      },
    ],
    notes: [name],
  };
}

/** Data with something in every part; `name` stands wherever a text can come from outside. */
export function madeUpData(name = "last spring"): ReportData {
  const churn: ReportScorer = {
    name: "churn",
    card: card(name),
    scored: 200,
    abstained: 5,
    abstentions: [{ because: name, contacts: 5 }],
    categories: {},
    outdated: false,
    scoredAt: asOf,
    number: { field: "churn_probability", label: name, probability: true },
    spread: {
      scorer: "churn",
      field: "churn_probability",
      contacts: 200,
      mean: 0.5,
      least: 0.1,
      most: 0.9,
      bins: Array.from({ length: 20 }, (_, at) => ({
        from: at / 20,
        to: (at + 1) / 20,
        contacts: 10,
      })),
      hundredths: Array.from({ length: 100 }, (_, at) => ({
        contacts: 2,
        sum: (2 * (99 - at)) / 99,
      })),
    },
    drift: {
      since: asOf,
      rows: [100, 100],
      retrain: true,
      because: name,
      features: [{ name, effect: 0.2, p: 0.01, least: 0.1, moved: true }],
    },
    labels: {},
  };
  return {
    asOf,
    summary: {
      contacts: 12_345,
      orders: 400,
      engagements: 5,
      events: 405,
      profilingDenied: 3,
      currencies: ["EUR"],
      first: asOf - 300 * day,
      last: asOf - 1,
      rows: {} as ReportData["summary"]["rows"],
    },
    scorers: [churn],
    groups: [name, "others"].map((group, at) => ({
      scorer: "segments",
      field: "segment",
      name: group,
      contacts: 150 - 100 * at,
      orders: 2 + at,
      spend: 30,
      means: { churn: 0.4 },
    })),
    ranks: [{ recency: 5, frequency: 5, contacts: 200, monetary: 4.2 }],
    hours: [{ hour: 42, contacts: 100 }],
    deliveries: [
      {
        destination: name,
        createdAt: asOf,
        begun: true,
        updated: 10,
        cleared: 0,
        skipped: 2,
        failed: 1,
        pending: 0,
        skipReasons: { [name]: 2 },
        records: 10,
        writtenAt: asOf,
      },
    ],
    pairs: [
      {
        items: ["a", "b"],
        names: [name, "tea"],
        together: 40,
        expected: 10,
        lift: { value: 3, low: 2, high: 4 },
        shares: [0.4, 0.2],
        p: 0.001,
      },
    ],
    proof: proofOf(name),
    contact: {
      contact: 7,
      identities: [{ system: "customer", id: name }],
      profiling: "unknown",
      scores: [
        {
          scorer: "churn",
          modelId: "churn-1",
          asOf,
          question: name,
          values: { churn_probability: 0.3, churn_band: name },
          reasons: [name],
        },
      ],
      withheld: [{ scorer: "value", because: name }],
      timeline: [
        { at: asOf - day, kind: "order", total: 12.5, currency: "EUR" },
        { at: asOf - 2 * day, kind: "open", campaign: name, machine: true },
      ],
    },
  };
}
