import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InchwormError } from "@inchworm/spec";

export interface ModelFiles {
  readonly model: string;
  readonly onnx: string;
  readonly card: string;
}

/**
 * Where a model and what goes with it are written.
 *
 * @throws InchwormError "input" when something that is no model would be overwritten
 */
export function modelFiles(out: string, input: string): ModelFiles {
  if (!out.endsWith(".json"))
    throw new InchwormError("input", `A model is a .json file, not ${out}.`, {
      hint: "For example: --out model.json",
    });
  const base = out.slice(0, -".json".length);
  const files = { model: out, onnx: `${base}.onnx`, card: `${base}.md` };
  const taken =
    resolve(out) === resolve(input) || (existsSync(out) && !isModel(out)) ? out : undefined;
  if (taken)
    throw new InchwormError("input", `${taken} exists and is no model; it is not overwritten.`, {
      hint: "Choose another place with --out.",
    });
  return files;
}

function isModel(path: string): boolean {
  if (statSync(path).isDirectory()) return false;
  return /^\s*\{\s*"format"\s*:\s*"inchworm"/.test(readFileSync(path, "utf8").slice(0, 100));
}

/** Writes each file whole or not at all. */
export async function writeFiles(
  files: readonly (readonly [
    path: string,
    content: string | Uint8Array | Iterable<string> | AsyncIterable<string>,
  ])[],
): Promise<void> {
  for (const [path, content] of files) {
    const part = `${path}.part`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(part, content);
      await rename(part, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new InchwormError("input", `${path} cannot be written (${code}).`, {
        hint: "Check the folder, its permissions and the disk, or choose another place with --out.",
      });
    }
  }
}
