import { readFile } from "node:fs/promises";
import { type NamedRecommender, onnxSequence } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { plural } from "../terminal.js";

export interface SequenceFiles {
  /** The ONNX file. */
  readonly model: string;
  /** JSON: a list of items by their numbers in the model (null for a number that is none, such as padding), or numbers by item. */
  readonly items: string;
}

/** A contender made of a file that somebody trained elsewhere. @throws InchwormError "input" when a file cannot be used */
export async function sequenceModel(
  { model, items }: SequenceFiles,
  itemNames: readonly string[],
): Promise<{ readonly contender: NamedRecommender; readonly notes: readonly string[] }> {
  const numbers = await numbersOf(items);
  const own = itemNames.map((name) => numbers.get(name) ?? -1);
  const unknown = own.filter((number) => number < 0).length;
  if (unknown === own.length)
    throw new InchwormError("input", `None of the items is in ${items}.`, {
      hint: "Its entries must be written like those of the item column.",
    });
  return {
    contender: {
      name: "sequence-model",
      estimator: onnxSequence({ model: await contentOf(model), numbers: own }),
    },
    notes: [
      "sequence-model was trained elsewhere: if it has seen what it is judged on here, it looks better than it is.",
      ...(unknown > 0
        ? [`sequence-model does not know ${plural(unknown, "item")}, and never lists them.`]
        : []),
    ],
  };
}

async function numbersOf(path: string): Promise<ReadonlyMap<string, number>> {
  const fault = (what: string) =>
    new InchwormError("input", `${path} ${what}.`, {
      hint: 'Write it as JSON: [null, "first item", "second item"], or { "first item": 1, "second item": 2 }.',
    });
  let read: unknown;
  try {
    read = JSON.parse((await contentOf(path)).toString("utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    if (InchwormError.is(error)) throw error;
    throw fault("is no JSON");
  }
  if (typeof read !== "object" || read === null) throw fault("holds no list of items");
  const pairs: [unknown, unknown][] = Array.isArray(read)
    ? read
        .map((item, number): [unknown, unknown] => [item, number])
        .filter(([item]) => item !== null)
    : Object.entries(read);
  const numbers = new Map<string, number>();
  for (const [item, number] of pairs) {
    if (typeof item !== "string" && typeof item !== "number")
      throw fault("lists something that is no item");
    if (!Number.isSafeInteger(number) || (number as number) < 0)
      throw fault("gives an item a number that is none");
    if (numbers.has(String(item))) throw fault("lists an item twice");
    numbers.set(String(item), number as number);
  }
  return numbers;
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InchwormError("input", `${path} cannot be read.`, { cause, hint: "Check the path." });
  }
}
