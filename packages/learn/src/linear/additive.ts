import { type ArtifactReader, badArtifact, makeArtifact } from "../artifact.js";
import { pickColumns, recode } from "../table.js";
import type { Artifact, Explanation, Model, Table } from "../types.js";
import type { Design } from "./design.js";

/** What a column adds to the log-odds, centred: over the training rows the mean of each is 0. */
export type Term =
  | {
      readonly kind: "number";
      readonly name: string;
      readonly center: number;
      readonly slope: number;
      /** Where the slope changes, ascending, and by how much. */
      readonly knots: Float64Array;
      readonly bends: Float64Array;
      /** Added when the value is there, beside `slope × (value − center) + Σ bend × max(0, value − knot)`. */
      readonly present: number;
      /** Added when it is missing. */
      readonly missing: number;
    }
  | {
      readonly kind: "category";
      readonly name: string;
      readonly levels: readonly string[];
      readonly effects: Float64Array;
      /** Added for missing values and unknown levels. */
      readonly missing: number;
    };

/** A logistic model: log-odds are `base` plus one term per column. */
export interface LogisticModel extends Model {
  readonly kind: "logistic-regression";
  /** Log-odds of the average training row. */
  readonly base: number;
  readonly terms: readonly Term[];
  /** Log-odds per row. */
  margin(table: Table): Float64Array;
}

export const kind = "logistic-regression";
const version = 1;

/** Folds standardising, indicators and coefficients into one centred term per column. */
export function makeTerms(
  design: Design,
  coefficients: Float64Array,
): { base: number; terms: Term[] } {
  let base = coefficients[design.width];
  const terms = design.encodings.map((encoding): Term => {
    const { name } = encoding;
    if (encoding.kind === "number") {
      const { pieces, indicator, missingShare } = encoding;
      const whenMissing = indicator < 0 ? 0 : coefficients[indicator];
      base += whenMissing * missingShare;
      const slopes = pieces.map((piece) => coefficients[piece.coefficient] * piece.inverseScale);
      let present = -whenMissing * missingShare;
      for (let bend = 1; bend < pieces.length; bend++)
        present -= slopes[bend] * pieces[bend].center;
      return {
        kind: "number",
        name,
        center: pieces[0]?.center ?? 0,
        slope: slopes[0] ?? 0,
        knots: Float64Array.from(pieces.slice(1), ({ knot }) => knot),
        bends: Float64Array.from(slopes.slice(1)),
        present: present + 0, // not −0
        missing: whenMissing * (1 - missingShare),
      };
    }
    let mean = 0;
    for (const [coefficient, share] of encoding.shares) mean += coefficients[coefficient] * share;
    base += mean;
    // a level or a gap that training never met says nothing: it counts as the average row
    const effect = (coefficient: number) =>
      coefficient < 0 ? 0 : coefficients[coefficient] - mean;
    const effects = Float64Array.from(encoding.level, effect);
    return {
      kind: "category",
      name,
      levels: encoding.levels,
      effects,
      missing: effect(encoding.missing),
    };
  });
  return { base, terms };
}

export function additiveModel(base: number, terms: readonly Term[]): LogisticModel {
  const columns = terms.map(({ name }) => name);

  function contribute(
    table: Table,
    add: (row: number, term: number, effect: number) => void,
  ): void {
    const picked = pickColumns(kind, table, terms);
    terms.forEach((term, index) => {
      const column = picked.columns[index];
      if (term.kind === "number" && column.kind === "number") {
        for (let row = 0; row < table.rows; row++)
          add(row, index, numberEffect(term, column.values[row]));
      } else if (term.kind === "category" && column.kind === "category") {
        const known = new Map(term.levels.map((level, position) => [level, position]));
        const positions = recode(column.levels, known);
        const effects = Float64Array.from(positions, (at) =>
          at < 0 ? term.missing : term.effects[at],
        );
        for (let row = 0; row < table.rows; row++) {
          const code = column.codes[row];
          add(row, index, code < 0 ? term.missing : effects[code]);
        }
      }
    });
  }

  function margin(table: Table): Float64Array {
    const margins = new Float64Array(table.rows).fill(base);
    contribute(table, (row, _term, effect) => {
      margins[row] += effect;
    });
    return margins;
  }

  return {
    kind,
    base,
    terms,
    margin,
    predict: (table) => margin(table).map((logOdds) => 1 / (1 + Math.exp(-logOdds))),
    explain(table): Explanation {
      const contributions = new Float64Array(table.rows * terms.length);
      contribute(table, (row, term, effect) => {
        contributions[row * terms.length + term] = effect;
      });
      return { base, columns, contributions };
    },
    save(): Artifact {
      const saved = terms.map((term) =>
        term.kind === "number"
          ? { ...term, knots: [...term.knots], bends: [...term.bends] }
          : { ...term, levels: [...term.levels], effects: [...term.effects] },
      );
      return makeArtifact(kind, version, { base, terms: saved });
    },
  };
}

function numberEffect(term: Extract<Term, { kind: "number" }>, value: number): number {
  if (Number.isNaN(value)) return term.missing;
  const { knots, bends } = term;
  let effect = term.present + term.slope * (value - term.center);
  for (let index = 0; index < knots.length && value > knots[index]; index++)
    effect += bends[index] * (value - knots[index]);
  return effect;
}

export function readAdditive(
  open: (kind: string, version: number) => ArtifactReader,
): LogisticModel {
  const data = open(kind, version);
  const seen = new Set<string>();
  const terms = data.objects("terms").map((term): Term => {
    const name = term.text("name");
    if (seen.has(name)) throw badArtifact(kind, "two terms have one name");
    seen.add(name);
    if (term.choice("kind", ["number", "category"]) === "number") {
      const knots = term.numbers("knots");
      if (knots.some((knot, index) => knot <= knots[index - 1]))
        throw badArtifact(kind, "its knots do not ascend");
      return {
        kind: "number",
        name,
        center: term.number("center"),
        slope: term.number("slope"),
        knots,
        bends: term.numbers("bends", { length: knots.length }),
        present: term.number("present"),
        missing: term.number("missing"),
      };
    }
    const levels = term.texts("levels");
    const effects = term.numbers("effects", { length: levels.length });
    return { kind: "category", name, levels, effects, missing: term.number("missing") };
  });
  return additiveModel(data.number("base"), terms);
}
