import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nextOrder, openWorkspace, value } from "@inchworm/core";

import type { QuantityCard } from "@inchworm/spec";
import { afterAll, describe, expect, it } from "vitest";

const data = new URL("../../../shared/data/", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "inchworm-value-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Columns: id in the full file, id in the sample, date as yyyymmdd, number of CDs, dollars. */
function cdnow(): string {
  const text = readFileSync(new URL("cdnow-sample/CDNOW_sample.txt", data), "utf8");
  const lines = text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length === 5)
    .map(([, customer, date, , dollars], row) => `${row},${customer},${date},${dollars}`);
  const file = join(folder, "cdnow.csv");
  writeFileSync(file, `order_id,customer_id,date,total\n${lines.join("\n")}\n`);
  return file;
}

const onlineRetail = (): string =>
  fileURLToPath(new URL("online-retail/online_retail_dev.csv.gz", data));

async function cards(file: string, days: number, dateFormat?: string) {
  const shop = await openWorkspace(join(folder, `${days}-${dateFormat ?? "iso"}.duckdb`));
  try {
    await shop.import("orders", file, dateFormat ? { dateFormat } : {});
    const { cards } = await shop.train([
      value({ horizonDays: days }),
      nextOrder({ horizonDays: Math.min(days, 90) }),
    ]);
    await shop.score();
    return cards as readonly QuantityCard[];
  } finally {
    await shop.close();
  }
}

/** The model's loss and its mean error lie below that of each rule, the interval of the difference to the best one below 0. */
function wins({ verdict, gain, metrics, rules }: QuantityCard) {
  expect(verdict).toBe("published");
  expect(gain.pinball?.high).toBeLessThan(0);
  for (const rule of rules) {
    expect(metrics.pinball?.value).toBeLessThan(rule.pinball?.value ?? 0);
    expect(metrics.mae.value).toBeLessThan(rule.mae.value);
  }
}

describe.skipIf(!existsSync(data))("value and next order on shops of the real world", () => {
  // measured: value loses 10.3 against 10.9 money, next order 2.4 against 2.6 days of the best rule
  it("beat every simple rule on CDNOW's later 39 weeks", { timeout: 120_000 }, async () => {
    const [worth, next] = await cards(cdnow(), 273, "%Y%m%d");
    wins(worth);
    wins(next);
  });

  // 276 against 365 money (759 against 778 by the middle alone), 7.2 against 8.1 days
  it("beat every simple rule on Online Retail", { timeout: 120_000 }, async () => {
    const [worth, next] = await cards(onlineRetail(), 161);
    wins(worth);
    wins(next);
  });
});
