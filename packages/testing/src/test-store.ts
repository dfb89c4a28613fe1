import { describe } from "vitest";
import { benchOf } from "./store/bench.js";
import { keepsPages } from "./store/keeps-pages.js";
import { keepsPlans } from "./store/keeps-plans.js";
import { keepsScores } from "./store/keeps-scores.js";
import { keepsSends } from "./store/keeps-sends.js";
import { knowsThePast } from "./store/knows-the-past.js";
import { knowsWhoHadWhat } from "./store/knows-who-had-what.js";
import type { TestStoreOptions } from "./store/tested-store.js";

/**
 * The contract of a store, as tests: pages and cursors are one, repeats and the order of pages make no difference, people are one
 * under all their names, features see nothing of the future, forgotten people are gone, plans and outcomes are kept, and so are
 * hours of sending with their chances.
 *
 * @example testStore({ name: "DuckDB", open: (name) => openStore(join(folder, `${name}.duckdb`)) })
 */
export function testStore(options: TestStoreOptions): void {
  describe(`${options.name} keeps the contract of a store`, () => {
    const bench = benchOf(options);
    keepsPages(bench);
    knowsThePast(bench);
    knowsWhoHadWhat(bench);
    keepsScores(bench);
    keepsPlans(bench);
    keepsSends(bench);
  });
}
