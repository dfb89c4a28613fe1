import { InchwormError } from "@inchworm/spec";
import type { OrderDays } from "@inchworm/store";
import type { Scorer } from "../scorer.js";
import { day } from "../windows.js";
import { valueCard } from "./value-card.js";
import {
  type Correction,
  correctedQuantiles,
  correction,
  isCorrection,
  scaled,
} from "./value-correction.js";
import { cameOf, customersAt, placesIn } from "./value-customers.js";
import { valueFields } from "./value-fields.js";
import { type HurdleArtifact, loadHurdle } from "./value-hurdle.js";
import {
  loadPurchaseAndSpend,
  type PurchaseAndSpendArtifact,
  purchaseForecast,
} from "./value-models.js";
import { type Field, fieldAt, fitPurchase, fitSpend, follow, race } from "./value-race.js";
import { valueRows } from "./value-rows.js";
import { fitTrees } from "./value-trees.js";
import { valueWindows } from "./value-windows.js";

export interface ValueOptions {
  /** How far ahead: what a customer spends in this many days. Defaults to 365. */
  readonly horizonDays?: number;
}

const defaults = { horizonDays: 365 } satisfies Required<ValueOptions>;
/** Fewer customers, or fewer who bought again in the backtest, prove nothing. */
const least = { customers: 30, buyers: 10 };
/** Below this share of prior the answer is the data's own. */
const littlePrior = 0.05;

interface ValueArtifact {
  readonly model: PurchaseAndSpendArtifact;
  readonly trees?: HurdleArtifact;
  readonly correction: Correction;
}

/**
 * Customer lifetime value: orders and spending expected in the next `horizonDays`, with an 80 % range. Models of purchases and
 * boosted trees race inside the history; the winner must beat the historic mean, the best one amount in hindsight, each
 * customer's own rate and the recency rule on a later window that no fit saw.
 */
export function value(options: ValueOptions = {}): Scorer {
  const { horizonDays } = { ...defaults, ...options };
  if (!Number.isInteger(horizonDays) || horizonDays < 1)
    throw new InchwormError(
      "input",
      `value: "horizonDays" must be an integer ≥ 1, got ${horizonDays}.`,
    );

  return {
    name: "value",
    options: { horizonDays },
    fields: valueFields(horizonDays),

    async train(history, { asOf, seed, signal, onProgress }) {
      const step = (name: string, done: number) =>
        onProgress?.({ step: `value: ${name}`, done, total: 4 });
      step("orders", 0);
      const orders = await history.orderDays({ asOf, ...(signal && { signal }) });
      const windows = valueWindows(firstDayOf(orders), Math.ceil(asOf / day), horizonDays);
      const work = { history, orders, seed, signal };

      step("the race", 1);
      const { trees } = windows;
      const raceStage = {
        cutoff: windows.race,
        horizonDays: windows.raceDays,
        trees: trees.race,
      };
      const raceField = await fieldAt(work, raceStage);
      const evaluation = { cutoff: windows.evaluation, horizonDays, trees: trees.judged };
      const field = await fieldAt(work, evaluation);
      requireEnough(raceField, windows.raceDays);
      requireEnough(field, horizonDays);
      const raced = await race(work, raceStage, raceField);

      step("judging", 2);
      const forecast = await follow(work, evaluation, field, raced.recipe);

      step("fitting again with the latest days", 3);
      const { currencies } = await history.summary(asOf);
      const everybody = customersAt(orders, Math.ceil(asOf / day));
      const purchase = await fitPurchase(raced.recipe.purchase, everybody, signal);
      const spend = await fitSpend(everybody, signal);
      const final = raced.recipe.trees
        ? await fitTrees(history, orders, trees.final, { horizonDays, seed, signal })
        : undefined;
      const card = valueCard({
        windows,
        horizonDays,
        raced,
        earlier: {
          customers: raceField.judged,
          came: raceField.came,
          days: windows.raceDays,
        },
        field,
        forecast,
        prior: priorOf(purchase.priorShare, everybody.contacts.length),
        currencies,
        correlated: spend.correlated && final === undefined,
        trainedAt: asOf,
        seed,
      });
      const artifact: ValueArtifact = {
        model: { purchase: purchase.save(), spend: spend.save() },
        ...(final && { trees: final.save() }),
        correction: correction(forecast, field.came),
      };
      step("done", 4);
      return { card, artifact, seen: everybody.contacts };
    },

    async score(history, stored, { asOf, signal }) {
      const { model, trees, correction: applied } = readArtifact(stored);
      const work = signal ? { signal } : {};
      const table = await history.features({
        asOf,
        ...(trees ? {} : { columns: ["orders_total"] }),
        ...work,
      });
      const orders = await history.orderDays({ asOf, ...work });
      const customers = customersAt(orders, Math.ceil(asOf / day));
      const forecast = purchaseForecast(loadPurchaseAndSpend(model), customers, horizonDays);
      const rowOf = placesIn(table.contacts, customers.contacts);
      const own = trees ? loadHurdle(trees).predict(table) : forecast.spread;
      return valueRows({
        contacts: table.contacts,
        customers,
        rowOf,
        forecast: {
          ...forecast,
          orders: forecast.orders.map((count) => count * applied.ordersFactor),
        },
        spread: scaled(own, applied.factor),
        spreadRowOf: (index) => (trees ? index : rowOf[index]),
        amounts: correctedQuantiles(own, applied),
        horizonDays,
      });
    },

    outcome: {
      field: "value_expected",
      kind: "quantity",
      unit: "money",
      horizonDays,
      async observe(history, { contacts, from, to }) {
        const orders = await history.orderDays({ asOf: to, from });
        return cameOf(orders, contacts, Math.floor(from / day), Math.ceil(to / day)).spent;
      },
    },
  };
}

function firstDayOf({ contacts, offsets, days }: OrderDays): number {
  let first = Infinity;
  for (let row = 0; row < contacts.length; row++) first = Math.min(first, days[offsets[row]]);
  if (first < Infinity) return first;
  throw new InchwormError("insufficient-data", "value: there are no orders yet.", {
    hint: "Import orders first: inchworm import orders FILE.",
  });
}

/** @throws InchwormError "insufficient-data" with the count that is missing */
function requireEnough({ judged, came }: Field, days: number): void {
  const customers = judged.contacts.length;
  const buyers = came.spent.filter((amount) => amount > 0).length;
  const missing = (needs: string, short: number) =>
    new InchwormError("insufficient-data", `value: needs ${needs}: ${short} are missing.`, {
      hint: "Import more history, or choose another horizon.",
    });
  if (customers < least.customers)
    throw missing(
      `${least.customers} customers with an order before a past day to be judged on, and there are ${customers}`,
      least.customers - customers,
    );
  if (buyers < least.buyers)
    throw missing(
      `${least.buyers} customers who ordered again in the ${days} days after it, and there are ${buyers}`,
      least.buyers - buyers,
    );
}

const priorOf = (share: number, customers: number) =>
  share < littlePrior
    ? undefined
    : {
        share,
        because: `The priors are customers of shops that others have studied; with ${customers} customers of your own ${Math.round(share * 100)} % of the answer is theirs, with twice as many it would be about ${Math.round((100 * share) / (2 - share))} %.`,
      };

function readArtifact(stored: unknown): ValueArtifact {
  const { model, trees, correction: applied } = (stored ?? {}) as Partial<ValueArtifact>;
  if (model && isCorrection(applied))
    return { model, correction: applied, ...(trees && { trees }) };
  throw new InchwormError("artifact", "value: what the store holds is not a value model.", {
    hint: "Train again: inchworm train --scorers value.",
  });
}
