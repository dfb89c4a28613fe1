import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { InchwormError } from "@inchworm/spec";
import type { LogIds } from "../log/read-log.js";

export interface AdjacencyPairs {
  readonly users: LogIds;
  readonly items: LogIds;
}

/**
 * Reads lines of a user and then what the user had, apart by blanks, commas, semicolons or tabs; gzipped or not. Lines of one user add
 * up, and lines without items say nothing.
 *
 * @throws InchwormError "input" when the file is not there or holds no pair
 */
export async function readAdjacency(path: string): Promise<AdjacencyPairs> {
  const users = levels();
  const items = levels();
  const userCodes: number[] = [];
  const itemCodes: number[] = [];
  try {
    for await (const line of createInterface({ input: await content(path), crlfDelay: Infinity })) {
      const words = line.replace(/^\uFEFF/, "").match(/[^\s,;]+/g);
      if (!words || words.length < 2) continue;
      const user = users.code(words[0]);
      for (let at = 1; at < words.length; at++) {
        userCodes.push(user);
        itemCodes.push(items.code(words[at]));
      }
    }
  } catch (cause) {
    if (InchwormError.is(cause)) throw cause;
    throw new InchwormError("input", `${path} cannot be read.`, {
      cause,
      hint: "Check that the file is whole and that you may read it.",
    });
  }
  if (userCodes.length === 0)
    throw new InchwormError("input", `${path} has no line of a user and items.`, {
      hint: "Each line is a user and then what the user had, apart by blanks.",
    });
  return {
    users: { codes: Int32Array.from(userCodes), levels: users.names },
    items: { codes: Int32Array.from(itemCodes), levels: items.names },
  };
}

function levels() {
  const codes = new Map<string, number>();
  const names: string[] = [];
  return {
    names,
    code(name: string): number {
      const known = codes.get(name);
      if (known !== undefined) return known;
      codes.set(name, names.length);
      return names.push(name) - 1;
    },
  };
}

async function content(path: string): Promise<NodeJS.ReadableStream> {
  const file = await open(path).catch((cause) => {
    throw new InchwormError("input", `There is no file ${path}.`, {
      cause,
      hint: "Check the path.",
    });
  });
  const head = Buffer.alloc(2);
  await file.read(head, 0, 2, 0);
  await file.close();
  const source = createReadStream(path);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return source;
  const plain = createGunzip();
  source.on("error", (error) => plain.destroy(error));
  return source.pipe(plain);
}
