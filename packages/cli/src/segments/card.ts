import type { Merge, Segment, SegmentationModel } from "@inchworm/learn";
import type { LeftOut } from "../table/tell.js";

/** What segments were found to be. The same data, options and seed give the same card. */
export interface SegmentsCard {
  readonly k: number;
  readonly segments: readonly Pick<Segment, "id" | "name" | "size" | "description">[];
  /** Mean adjusted Rand index between refits on bootstrap samples. */
  readonly stability: number;
  /** Why there are so many, in a sentence. */
  readonly because: string;
  readonly method: SegmentationModel["groups"]["kind"];
  /** Share of rows that a tree of a few leaves puts into their own segment: how far the rules hold. */
  readonly fidelity: number;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
  readonly seed: number;
  /** For micro-segments: which two join first, and so on; see `treeOf`. */
  readonly tree?: readonly {
    readonly join: readonly [string, string];
    readonly into: string;
    readonly height: number;
  }[];
  /** For a log of orders: the kinds by recency, frequency and money. */
  readonly rfm?: readonly {
    readonly name: string;
    readonly description: string;
    readonly size: number;
  }[];
  readonly until?: string;
}

/** The tree in words: leaves are ids of segments, branches "b1", "b2" and so on in the order they are made. */
export function treeOf(tree: readonly Merge[], segments: readonly Segment[]) {
  const name = (node: number): string =>
    node < segments.length ? String(segments[node].id) : `b${node - segments.length + 1}`;
  return tree.map(({ left, right, height }, step) => ({
    join: [name(left), name(right)] as const,
    into: `b${step + 1}`,
    height,
  }));
}

/** A text as a cell of a table. */
const cell = (text: string) => text.replaceAll("|", "\\|").replace(/\s+/g, " ");

/** A card for people. */
export function segmentsMarkdown(card: SegmentsCard): string {
  return [
    `# ${card.k} ${card.k === 1 ? "segment" : "segments"} by ${card.columns.join(", ")}`,
    "",
    card.because,
    "",
    "| id | segment | rows | what sets it apart |",
    "|---|---|---|---|",
    ...card.segments.map(
      ({ id, name, size, description }) =>
        `| ${id} | ${cell(name)} | ${size} | ${cell(description)} |`,
    ),
    "",
    `- Refits on bootstrap samples agree to an adjusted Rand index of ${card.stability.toFixed(3)}.`,
    `- The rules put ${(100 * card.fidelity).toFixed(1)} % of rows into their own segment.`,
    `- Found on ${card.rows} rows by ${card.method}, seed ${card.seed}${card.until ? `; recency is counted from ${card.until}` : ""}.`,
    ...card.leftOut.map(({ column, because }) => `- "${column}" is left out: ${because}.`),
    ...card.notes.map((note) => `- ${note}`),
    "",
    ...(card.rfm
      ? [
          "| kind by recency, frequency and money | customers | meaning |",
          "|---|---|---|",
          ...card.rfm.map(
            ({ name, size, description }) => `| ${name} | ${size} | ${description} |`,
          ),
          "",
        ]
      : []),
  ].join("\n");
}
