import { existsSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type ImageFeatures, imageFeatures, imageLevels } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { plural } from "../terminal.js";

/** A picture that could not be read. */
export interface ImageFault {
  readonly line: number;
  readonly image: string;
  readonly reason: string;
}

/** Pictures are looked at no larger than this: what they look like does not need more. */
const side = 384;

/**
 * What pictures look like, as factors. Each file is read once. What cannot be read is told by row, and its row counts without a picture.
 *
 * @throws InchwormError "config" when `sharp` is not installed
 */
export async function imageFactors(
  rows: readonly { readonly name: string | undefined; readonly line: number }[],
  folder: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
) {
  const decode = await decoder();
  const known = new Map<string, ImageFeatures | string>();
  const failed: ImageFault[] = [];
  const levels: (Readonly<Record<string, string>> | undefined)[] = [];
  for (const [at, { name, line }] of rows.entries()) {
    signal.throwIfAborted();
    onProgress({ step: "looking at pictures", done: at, total: rows.length });
    if (name === undefined) {
      levels.push(undefined);
      continue;
    }
    const found = known.get(name) ?? (await looked(resolve(folder, name), name, decode));
    known.set(name, found);
    if (typeof found === "string") failed.push({ line, image: basename(name), reason: found });
    levels.push(typeof found === "string" ? undefined : imageLevels(found));
  }
  const read = [...known.values()].filter((one) => typeof one !== "string").length;
  const names = [...new Set(levels.flatMap((one) => Object.keys(one ?? {})))];
  return {
    read,
    failed,
    factors: Object.fromEntries(
      names.map((factor) => [factor, levels.map((one) => one?.[factor])]),
    ),
    notes:
      failed.length === 0
        ? []
        : [
            `${plural(failed.length, "row")} without a readable picture; the first is line ${failed[0].line}: "${failed[0].image}" ${failed[0].reason}.`,
          ],
  };
}

type Decode = (path: string) => Promise<ImageFeatures>;

async function looked(path: string, name: string, decode: Decode): Promise<ImageFeatures | string> {
  if (/^[a-z][a-z0-9+.-]+:\/\//iu.test(name)) return "is an address, and only files are read";
  if (!existsSync(path)) return "is not there";
  if (!statSync(path).isFile()) return "is no file";
  try {
    return await decode(path);
  } catch {
    return "is no picture that can be read";
  }
}

async function decoder(): Promise<Decode> {
  let sharp: typeof import("sharp").default;
  try {
    sharp = (await import("sharp")).default;
  } catch {
    throw new InchwormError("config", 'Looking at pictures needs the package "sharp".', {
      hint: "Install it beside this command (npm install sharp), or leave out --image.",
    });
  }
  return async (path) => {
    const { data, info } = await sharp(path)
      .rotate()
      .resize(side, side, { fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return imageFeatures({ width: info.width, height: info.height, data });
  };
}
