import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** A file in the making. It stands under its name only once it is whole. */
export interface Output {
  readonly path: string;
  /** Resolves when more can be taken. The bytes must not change afterwards. */
  write(chunk: Uint8Array | string): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** Gzipped, at the fastest level, when the name ends in ".gz". */
export function output(path: string): Output {
  const unfinished = `${path}.part`;
  const input = path.endsWith(".gz") ? createGzip({ level: 1 }) : new PassThrough();
  const done = pipeline(input, createWriteStream(unfinished));
  done.catch(() => {}); // told by `write` or `finish`
  return {
    path,
    async write(chunk) {
      if (!input.write(chunk)) await Promise.race([once(input, "drain"), done]);
    },
    async finish() {
      input.end();
      await done;
      await rename(unfinished, path);
    },
    async abandon() {
      input.destroy();
      await done.catch(() => {});
      // what stands in the way is not ours to remove
      await rm(unfinished, { force: true }).catch(() => {});
    },
  };
}
