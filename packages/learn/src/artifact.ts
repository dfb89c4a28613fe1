import { LearnError } from "./error.js";
import type { Artifact } from "./types.js";

/** Longest list an artifact may hold: a hostile length must not exhaust memory. */
const longest = 50_000_000;

export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** Reads one plain object of an artifact. Every method throws LearnError "artifact" unless the value is exactly what it should be. */
export interface ArtifactReader {
  number(key: string, range?: NumberRange): number;
  numbers(key: string, range?: NumberRange & { readonly length?: number }): Float64Array;
  text(key: string): string;
  texts(key: string): string[];
  choice<T extends string>(key: string, choices: readonly T[]): T;
  has(key: string): boolean;
  object(key: string): ArtifactReader;
  objects(key: string): ArtifactReader[];
  /** A model saved inside this one. */
  artifact(key: string): unknown;
}

/**
 * Opens a saved model that may come from anywhere.
 *
 * @throws LearnError "artifact" when it is not a model, or one of another kind or version
 */
export function openArtifact(artifact: unknown, kind: string, version: number): ArtifactReader {
  const outer = reader(artifact, kind);
  if (outer.text("format") !== "inchworm") throw bad(kind, `"format" is not "inchworm"`);
  const found = outer.text("kind");
  if (found !== kind) throw bad(kind, `it holds a model of kind "${found.slice(0, 40)}"`);
  const saved = outer.number("version");
  if (saved !== version)
    throw bad(kind, `its version is ${saved}, this release reads version ${version}`);
  return outer.object("data");
}

/** The kind an artifact claims to be. */
export function artifactKind(artifact: unknown): string {
  const outer = reader(artifact, "model");
  if (outer.text("format") !== "inchworm") throw bad("model", `"format" is not "inchworm"`);
  return outer.text("kind");
}

export function makeArtifact(kind: string, version: number, data: unknown): Artifact {
  return { format: "inchworm", kind, version, data };
}

export function badArtifact(kind: string, what: string): LearnError {
  return bad(kind, what);
}

function bad(kind: string, what: string): LearnError {
  return new LearnError("artifact", `Not a usable ${kind} artifact: ${what}.`, {
    hint: "Save the model again with this release.",
  });
}

function reader(value: unknown, kind: string, path = ""): ArtifactReader {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad(kind, `${path || "it"} is not an object`);
  const at = (key: string): string => (path ? `"${path}.${key}"` : `"${key}"`);
  const get = (key: string): unknown => {
    // own properties only: nothing is ever read from a prototype
    if (!Object.hasOwn(value, key)) throw bad(kind, `${at(key)} is missing`);
    return (value as Record<string, unknown>)[key];
  };
  const list = (key: string): readonly unknown[] => {
    const items = get(key);
    if (!Array.isArray(items)) throw bad(kind, `${at(key)} is not a list`);
    if (items.length > longest) throw bad(kind, `${at(key)} is too long`);
    return items;
  };
  const checked = (item: unknown, name: string, range: NumberRange): number => {
    if (typeof item !== "number" || !Number.isFinite(item))
      throw bad(kind, `${name} is not a number`);
    if (range.integer && !Number.isSafeInteger(item)) throw bad(kind, `${name} is not an integer`);
    if (item < (range.min ?? -Infinity) || item > (range.max ?? Infinity))
      throw bad(kind, `${name} is out of range`);
    return item;
  };
  const text = (item: unknown, name: string): string => {
    if (typeof item !== "string") throw bad(kind, `${name} is not a text`);
    return item;
  };
  return {
    number: (key, range = {}) => checked(get(key), at(key), range),
    numbers(key, range = {}) {
      const items = list(key);
      if (range.length !== undefined && items.length !== range.length)
        throw bad(kind, `${at(key)} has ${items.length} entries instead of ${range.length}`);
      const numbers = new Float64Array(items.length);
      for (let index = 0; index < items.length; index++)
        numbers[index] = checked(items[index], at(key), range);
      return numbers;
    },
    text: (key) => text(get(key), at(key)),
    texts(key) {
      const items = list(key);
      return Array.from(items, (item) => text(item, at(key)));
    },
    choice(key, choices) {
      const found = choices.find((choice) => choice === get(key));
      if (found === undefined) throw bad(kind, `${at(key)} is none of ${choices.join(", ")}`);
      return found;
    },
    has: (key) => Object.hasOwn(value, key),
    object: (key) => reader(get(key), kind, path ? `${path}.${key}` : key),
    objects(key) {
      const items = list(key);
      return Array.from(items, (item, index) =>
        reader(item, kind, `${path ? `${path}.` : ""}${key}.${index}`),
      );
    },
    artifact: get,
  };
}
