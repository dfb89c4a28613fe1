import { type Artifact, nextOrder as estimator, type OrderHistory } from "@inchworm/learn";
import { type FieldValue, InchwormError } from "@inchworm/spec";
import type { Scorer } from "../scorer.js";
import { backtestWindows, day, furthestHorizon } from "../windows.js";
import { nextOrderCard } from "./next-order-card.js";
import { countriesOf } from "./next-order-countries.js";
import { nextOrderFields } from "./next-order-fields.js";
import { forecastRows } from "./next-order-rows.js";
import { type Waits, waitsFrom } from "./next-order-rules.js";
import { placesIn } from "./value-customers.js";

export interface NextOrderOptions {
  /** How far ahead the backtest looks, in days; less where history is short. Defaults to 90. */
  readonly horizonDays?: number;
}

const defaults = { horizonDays: 90 } satisfies Required<NextOrderOptions>;
/** A backtest that looks less far ahead proves nothing. */
const leastHorizonDays = 14;
/** Fewer customers with an order, or fewer who came back within the backtest, prove nothing. */
const least = { customers: 50, returned: 20 };

/** Whole days: an order of the day on which the question is asked counts as known, and the forecast begins on the day after. */
const dayNumber = (instant: number): number => Math.ceil(instant / day);

/**
 * When each customer orders next: from the customer's own rhythm drawn towards the country's and everybody's, from a model of customers who order at
 * random and leave unseen, or from both, as far as each was right on an earlier window. Must beat the mean gap, the customer's own
 * median gap, recency alone and the best one answer for everybody on a later window that neither training nor that choice saw.
 */
export function nextOrder(options: NextOrderOptions = {}): Scorer {
  const { horizonDays: wantedDays } = { ...defaults, ...options };
  if (!Number.isInteger(wantedDays) || wantedDays < leastHorizonDays)
    throw new InchwormError(
      "input",
      `next-order: "horizonDays" must be an integer ≥ ${leastHorizonDays}, got ${wantedDays}.`,
    );

  return {
    name: "next-order",
    options: { horizonDays: wantedDays },
    fields: nextOrderFields,

    async train(history, { asOf, seed, signal, onProgress }) {
      const { first } = await history.summary();
      if (first === undefined)
        throw new InchwormError("insufficient-data", "next-order: there are no orders yet.", {
          hint: "Import orders first: inchworm import orders FILE.",
        });
      const horizonDays = Math.max(
        leastHorizonDays,
        Math.min(wantedDays, furthestHorizon(first, asOf)),
      );
      const windows = backtestWindows("next-order", first, asOf, horizonDays);
      const step = (name: string, done: number) =>
        onProgress?.({ step: `next-order: ${name}`, done, total: 3 });
      step("orders", 0);
      const orders = await history.orderDays({ asOf, ...(signal && { signal }) });
      const cutoff = dayNumber(asOf) - horizonDays;
      const { names: countries, groups } = await countriesOf(history, orders.contacts);
      const past: OrderHistory = { ...orders, groups, asOf: cutoff };
      const now = waitsFrom(past, cutoff, horizonDays);
      const earlier = waitsFrom(past, cutoff - horizonDays, horizonDays);
      requireEnough(now, horizonDays);

      step("fitting", 1);
      const work = signal ? { signal } : {};
      const { blend, candidates } = await estimator().weigh(past, { horizonDays, ...work });
      const judged = await estimator().fit(past, { blend, ...work });
      step("judging", 2);
      const card = nextOrderCard({
        windows,
        horizonDays,
        past,
        earlier,
        now,
        model: judged,
        countries,
        candidates,
        trainedAt: asOf,
        seed,
      });
      step("fitting again with the latest days", 3);
      const final = await estimator().fit(
        { ...orders, groups, asOf: dayNumber(asOf) },
        { blend, ...work },
      );
      const artifact: NextOrderArtifact = { model: final.save(), countries };
      return { card, artifact, seen: orders.contacts };
    },

    async score(history, stored, { asOf, signal }) {
      const { model: saved, countries } = readArtifact(stored);
      const model = estimator().load(saved);
      const work = signal ? { signal } : {};
      const everybody = await history.features({ asOf, columns: ["orders_total"], ...work });
      const orders = await history.orderDays({ asOf, ...work });
      const today = dayNumber(asOf);
      const { groups } = await countriesOf(history, orders.contacts, countries);
      const rows = forecastRows(model, { ...orders, groups, asOf: today });
      const rowOf = placesIn(everybody.contacts, orders.contacts);
      const values = Object.fromEntries(
        nextOrderFields.map(({ name }) => [
          name,
          Array.from(rowOf, (row): FieldValue => (row < 0 ? null : rows.field(name, row))),
        ]),
      );
      return {
        contacts: everybody.contacts,
        fields: values,
        reasons: Array.from(rowOf, (row) => (row < 0 ? [] : rows.reasons(row))),
        abstained: Array.from(rowOf, (row) => (row < 0 ? "no order yet" : undefined)),
      };
    },

    outcome: {
      field: "next_order_probability_30d",
      kind: "probability",
      horizonDays: 30,
      async observe(history, { contacts, from, to }) {
        const ordered = await history.ordersBetween(from, to);
        return Float64Array.from(placesIn(contacts, ordered.contacts), (row) => (row < 0 ? 0 : 1));
      },
    },
  };
}

/** @throws InchwormError "insufficient-data" with the count that is missing */
function requireEnough({ rows, came }: Waits, horizonDays: number): void {
  const missing = (needs: string, short: number) =>
    new InchwormError("insufficient-data", `next-order: needs ${needs}: ${short} are missing.`, {
      hint: "Import more orders, or older ones.",
    });
  if (rows.length < least.customers)
    throw missing(
      `${least.customers} customers with an order ${horizonDays} days ago, and there are ${rows.length}`,
      least.customers - rows.length,
    );
  const returned = came.reduce((sum, one) => sum + one, 0);
  if (returned < least.returned)
    throw missing(
      `${least.returned} customers who ordered again within ${horizonDays} days, and there are ${returned}`,
      least.returned - returned,
    );
}

function readArtifact(stored: unknown): NextOrderArtifact {
  const { model, countries } = (stored ?? {}) as Partial<NextOrderArtifact>;
  if (model && Array.isArray(countries) && countries.every((name) => typeof name === "string"))
    return { model, countries };
  throw new InchwormError("artifact", "next-order: what the store holds is not its model.", {
    hint: "Train again: inchworm train --scorers next-order.",
  });
}

interface NextOrderArtifact {
  readonly model: Artifact;
  /** In the order of the model's groups. */
  readonly countries: readonly string[];
}
