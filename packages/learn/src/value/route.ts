import { LearnError } from "../error.js";
import type { Intervals, PurchaseAnswers, Purchases } from "./types.js";

type Lists = readonly Float64Array[];

/** Sends each row to the model of its code, and puts the answers back in order. `who` is named by errors. */
export function answersByCode(
  who: string,
  codes: Int32Array,
  models: readonly PurchaseAnswers[],
  unknown: PurchaseAnswers,
): PurchaseAnswers {
  const route = (
    purchases: Purchases,
    ask: (model: PurchaseAnswers, some: Purchases) => Lists,
  ): Float64Array[] => {
    if (codes.length !== purchases.rows)
      throw new LearnError("input", `${who}: ${codes.length} codes for ${purchases.rows} rows.`);
    const rowsOf = new Map<PurchaseAnswers, number[]>();
    for (const [row, code] of codes.entries()) {
      const model = models[code] ?? unknown;
      const rows = rowsOf.get(model);
      if (rows) rows.push(row);
      else rowsOf.set(model, [row]);
    }
    if (rowsOf.size === 0) return ask(unknown, purchases).map((list) => list.slice());
    let answers: Float64Array[] = [];
    for (const [model, rows] of rowsOf) {
      const take = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
      const own = ask(model, {
        rows: rows.length,
        frequency: take(purchases.frequency),
        recency: take(purchases.recency),
        age: take(purchases.age),
      });
      if (answers.length === 0)
        answers = own.map((list) => new Float64Array((list.length / rows.length) * purchases.rows));
      for (const [index, list] of own.entries()) {
        const width = list.length / rows.length;
        for (const [at, row] of rows.entries())
          answers[index].set(list.subarray(at * width, (at + 1) * width), row * width);
      }
    }
    return answers;
  };
  return {
    expectedOrders: (purchases, horizon) =>
      route(purchases, (model, some) => [model.expectedOrders(some, horizon)])[0],
    probabilityAlive: (purchases) =>
      route(purchases, (model, some) => [model.probabilityAlive(some)])[0],
    probabilityOfOrder: (purchases, horizon) =>
      route(purchases, (model, some) => [model.probabilityOfOrder(some, horizon)])[0],
    uncertainty(purchases, horizon, level) {
      const [low, high, aliveLow, aliveHigh] = route(purchases, (model, some) => {
        const { orders, alive } = model.uncertainty(some, horizon, level);
        return [orders.low, orders.high, alive.low, alive.high];
      });
      const orders: Intervals = { low, high };
      return { orders, alive: { low: aliveLow, high: aliveHigh } };
    },
    orderQuantiles: (purchases, horizon, levels) =>
      route(purchases, (model, some) => model.orderQuantiles(some, horizon, levels)),
    orderProbabilities: (purchases, horizon, most) =>
      route(purchases, (model, some) => [model.orderProbabilities(some, horizon, most)])[0],
  };
}
