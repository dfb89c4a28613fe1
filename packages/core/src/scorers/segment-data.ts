import { type Artifact, type SegmentationModel, segmentation, type Words } from "@inchworm/learn";
import { type Field, InchwormError } from "@inchworm/spec";
import { featureCatalogue } from "@inchworm/store";
import type { Scorer } from "../scorer.js";
import { type Columns, ordersInWords, pick, rowsWithOrders } from "./segment-customers.js";
import { raceGroups } from "./segment-race.js";

export interface DataSegmentsOptions {
  /** What customers are compared by. */
  readonly features: readonly string[];
  /** So many small segments in place of as many as the data bear. */
  readonly micro?: number;
}

/** What words for a single customer need, whatever is compared. */
const spoken = ["days_since_order", "orders_total", "spend_total"];
/** A micro-segment has at least this many customers in the mean. */
const leastEach = 20;

const words: Words = {
  ...Object.fromEntries(featureCatalogue.map(({ name, label }) => [name, { label }])),
  days_since_order: { label: "days since the last order", high: "silent for long", low: "recent" },
  orders_total: { label: "orders ever", high: "frequent", low: "few orders" },
  spend_total: { label: "spent ever", high: "spending much", low: "spending little" },
};

/**
 * Segments that are in the data. Ids and names go on from one training to the next, and a customer's segment is the one whose
 * centre is nearest: scoring never moves a segment.
 */
export function dataSegments({ features, micro }: DataSegmentsOptions): Scorer {
  const known = new Set(featureCatalogue.map(({ name }) => name));
  const unknown = features.find((name) => !known.has(name));
  if (unknown !== undefined || features.length === 0)
    throw new InchwormError(
      "input",
      unknown === undefined
        ? 'segments: "features" must name at least one feature.'
        : `segments: there is no feature "${unknown}".`,
      { hint: `Some are ${spoken.join(", ")}.` },
    );
  const name = micro === undefined ? "data-segments" : "micro-segments";
  const field = micro === undefined ? "data_segment" : "micro_segment";
  const title = micro === undefined ? "Segment found in the data" : "Micro-segment";
  const columns = [...new Set([...features, ...spoken])];
  const fields = [
    {
      name: field,
      label: title,
      description: `Name of the segment by ${features.join(", ")}; it stays when the model is trained again.`,
      type: "text",
    },
    {
      name: `${field}_id`,
      label: `${title}: number`,
      description: "Number of the segment; it stays when the model is trained again.",
      type: "number",
    },
  ] as const satisfies readonly Field[];
  const estimator = (seed: number, rows: number) =>
    segmentation({
      seed,
      words,
      ...(micro !== undefined && {
        segments: Math.max(1, Math.min(micro, Math.floor(rows / leastEach))),
      }),
    });
  const compared = (table: Columns): Columns => ({
    rows: table.rows,
    columns: table.columns.filter((column) => features.includes(column.name)),
  });

  return {
    name,
    options: { by: micro === undefined ? "data" : "micro", features, ...(micro && { micro }) },
    fields,

    async train(history, options) {
      const { asOf, seed, previous, signal } = options;
      const work = signal ? { signal } : {};
      const today = await history.features({ asOf, columns, ...work });
      const customers = pick(today, rowsWithOrders(today));
      const own =
        customers.rows > 0
          ? await estimator(seed, customers.rows).fit(compared(customers), {
              ...work,
              previous: earlier(previous),
            })
          : undefined;
      const judged = await raceGroups(
        history,
        {
          scorer: name,
          question: (days) =>
            `Which segment is this customer in, and who of them buys within ${days} days?`,
          columns,
          learn: async (past) => {
            const model = await estimator(seed, past.rows).fit(compared(past), work);
            return (rows) => Array.from(model.ids(compared(rows)));
          },
          ...(own && { also: { notes: notesOf(own) } }),
        },
        options,
      );
      return { ...judged, artifact: { segmentation: own?.save() } };
    },

    async score(history, artifact, { asOf, signal }) {
      const model = readArtifact(name, artifact);
      const table = await history.features({ asOf, columns, ...(signal && { signal }) });
      const buyers = rowsWithOrders(table);
      const labels = model.assign(compared(pick(table, buyers)));
      const names: (string | null)[] = new Array(table.rows).fill(null);
      const ids: (number | null)[] = new Array(table.rows).fill(null);
      const reasons: string[][] = Array.from({ length: table.rows }, () => []);
      const abstained: (string | undefined)[] = new Array(table.rows).fill("no order yet");
      for (const [index, row] of buyers.entries()) {
        const segment = model.segments[labels[index]];
        names[row] = segment.name;
        ids[row] = segment.id;
        reasons[row] = [ordersInWords(table, row), ...segment.differences.slice(0, 2)];
        abstained[row] = undefined;
      }
      return {
        contacts: table.contacts,
        fields: { [field]: names, [`${field}_id`]: ids },
        reasons,
        abstained,
      };
    },
  };
}

const mostNoted = 20;

const notesOf = ({ because, stability, fidelity, segments }: SegmentationModel): string[] => [
  because,
  `Refits on bootstrap samples agree to an adjusted Rand index of ${stability.toFixed(2)}; the rules hold for ${(100 * fidelity).toFixed(0)} % of customers.`,
  ...segments
    .slice(0, mostNoted)
    .map(({ id, name, size, description }) => `${id} ${name} (${size}): ${description}`),
];

/** An earlier model, for its ids and names; one that cannot be read is none. */
function earlier(previous: unknown): SegmentationModel | undefined {
  try {
    return readArtifact("segments", previous);
  } catch {
    return undefined;
  }
}

function readArtifact(scorer: string, stored: unknown): SegmentationModel {
  const { segmentation: saved } = (stored ?? {}) as { segmentation?: Artifact };
  try {
    return segmentation({ seed: 0 }).load(saved as Artifact);
  } catch (cause) {
    throw new InchwormError("artifact", `${scorer}: what the store holds is no such model.`, {
      hint: `Train again: inchworm train --scorers ${scorer}.`,
      cause,
    });
  }
}
