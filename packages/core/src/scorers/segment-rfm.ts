import { rfmRanks } from "@inchworm/learn";
import type { Field } from "@inchworm/spec";
import type { Scorer } from "../scorer.js";
import { type Columns, ordersInWords, pick, rowsWithOrders, values } from "./segment-customers.js";
import { type Segment, segmentNames, segmentOf } from "./segment-names.js";
import { raceGroups } from "./segment-race.js";

const needed = ["days_since_order", "days_since_first_order", "orders_total", "spend_total"];

/** Recency, frequency and money, in names a marketer knows. */
export function rfmSegments(newcomerDays: number): Scorer {
  const fields = [
    {
      name: "segment",
      label: "Segment",
      description: "Kind of customer by recency, frequency and money.",
      type: "category",
      options: segmentNames.map(({ name }) => name),
    },
    {
      name: "rfm",
      label: "RFM ranks",
      description: "Ranks of recency, frequency and money, 5 is best, such as 5-4-3.",
      type: "text",
    },
  ] as const satisfies readonly Field[];

  return {
    name: "segments",
    options: { newcomerDays },
    fields,

    async train(history, options) {
      const judged = await raceGroups(
        history,
        {
          scorer: "segments",
          question: (days) =>
            `Which kind of customer is this, and who of them buys within ${days} days?`,
          columns: needed,
          learn: async () => (rows) => assign(rows, newcomerDays).names,
        },
        options,
      );
      return { ...judged, artifact: {} };
    },

    async score(history, _artifact, { asOf, signal }) {
      const table = await history.features({ asOf, columns: needed, ...(signal && { signal }) });
      const buyers = rowsWithOrders(table);
      const { names, ranks } = assign(pick(table, buyers), newcomerDays);
      const segment: (Segment | null)[] = new Array(table.rows).fill(null);
      const rfm: (string | null)[] = new Array(table.rows).fill(null);
      const reasons: string[][] = Array.from({ length: table.rows }, () => []);
      const abstained: (string | undefined)[] = new Array(table.rows).fill("no order yet");
      for (const [index, row] of buyers.entries()) {
        segment[row] = names[index];
        rfm[row] = ranks[index].join("-");
        reasons[row] = [ordersInWords(table, row)];
        abstained[row] = undefined;
      }
      return { contacts: table.contacts, fields: { segment, rfm }, reasons, abstained };
    },
  };
}

function assign(table: Columns, newcomerDays: number) {
  const since = values(table, "days_since_order");
  const orders = values(table, "orders_total");
  const firstOrder = values(table, "days_since_first_order");
  const { recency, frequency, monetary } = rfmRanks({
    recency: Float64Array.from(since),
    frequency: Float64Array.from(orders),
    monetary: Float64Array.from(values(table, "spend_total")),
  });
  const names: Segment[] = [];
  const ranks: [number, number, number][] = [];
  for (let row = 0; row < table.rows; row++) {
    const newcomer = orders[row] === 1 && firstOrder[row] <= newcomerDays;
    names.push(segmentOf(recency[row], frequency[row], monetary[row], newcomer));
    ranks.push([recency[row], frequency[row], monetary[row]]);
  }
  return { names, ranks };
}
