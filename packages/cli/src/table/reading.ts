import { type ArtifactReader, type Column, LearnError } from "@inchworm/learn";
import type { DateOrder } from "@inchworm/store";
import type { Decimal } from "./expressions.js";

/** How the text of a column is read, told once from the whole file that a model learns from, and kept with the model. */
export type Reading =
  | { readonly name: string; readonly kind: "number"; readonly decimal: Decimal }
  | { readonly name: string; readonly kind: "date"; readonly order?: DateOrder }
  | { readonly name: string; readonly kind: "boolean" }
  | { readonly name: string; readonly kind: "category"; readonly levels: readonly string[] };

export const booleanLevels: readonly string[] = ["false", "true"];

/** The column of a table that `values` are, one per row as `readingSql` gives them. */
export function columnOf(reading: Reading, values: Float32Array): Column {
  const { name, kind } = reading;
  if (kind === "number" || kind === "date") return { name, kind: "number", values };
  const codes = Int32Array.from(values, (code) => (Number.isNaN(code) ? -1 : code));
  const levels = kind === "boolean" ? booleanLevels : reading.levels;
  return { name, kind: "category", codes, levels };
}

/** @throws LearnError "artifact" */
export function loadReading(saved: ArtifactReader): Reading {
  const name = saved.text("name");
  const kind = saved.choice("kind", ["number", "date", "boolean", "category"]);
  switch (kind) {
    case "number":
      return { name, kind, decimal: saved.choice("decimal", [".", ","]) };
    case "date":
      if (!saved.has("order")) return { name, kind };
      return { name, kind, order: saved.choice("order", ["day first", "month first"]) };
    case "boolean":
      return { name, kind };
    case "category": {
      const levels = saved.texts("levels");
      const fit = levels.length > 0 && levels.length <= mostLevels && !levels.some(isUnfit);
      if (fit && new Set(levels).size === levels.length) return { name, kind, levels };
      throw new LearnError("artifact", `the levels of "${name}" are none`);
    }
  }
}

/** Far more than any file of ours has. */
const mostLevels = 10_000;
const isUnfit = (level: string): boolean => level === "" || level.includes("\0");
