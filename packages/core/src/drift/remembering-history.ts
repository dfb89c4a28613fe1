import type { FeatureOptions, FeatureTable, OrderDays, OrderDaysOptions } from "@inchworm/store";
import type { History } from "../scorer.js";

/**
 * A history of about this share of the contacts, the same ones every time. What it has computed once it gives again, so it must
 * not outlive a change of the store, and nobody may write into what it gives.
 */
export function rememberingHistory(history: History, sample = 1): History {
  const tables = new Map<string, Promise<FeatureTable>>();
  const days = new Map<string, Promise<OrderDays>>();
  const once = <T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>) => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  return {
    ...history,
    async features({ columns, ...options }: FeatureOptions) {
      const { asOf, orderedSince, atMost } = options;
      const key = [asOf, orderedSince, atMost].join();
      const table = await once(tables, key, () => history.features({ ...options, sample }));
      if (!columns) return table;
      return {
        ...table,
        columns: columns.flatMap((name) => table.columns.find((one) => one.name === name) ?? []),
      };
    },
    moments: (options) => history.moments({ sample, ...options }),
    orderDays: (options: OrderDaysOptions) =>
      once(days, [options.asOf, options.from].join(), () =>
        history.orderDays({ ...options, sample }),
      ),
  };
}
