import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { InchwormError } from "@inchworm/spec";
import { extract } from "tar-stream";

/** What became of one operation of a batch. */
export interface OperationResult {
  readonly operationId: string;
  readonly status: number;
  /** The answer's body, `{}` where it is none. */
  readonly body: Record<string, unknown>;
}

/** A file of 500 answers of some kilobytes each is far below all of these. */
export const fileLimits = {
  packedBytes: 64 * 2 ** 20,
  bytes: 256 * 2 ** 20,
  entries: 5_000,
};

/**
 * Reads the file of a batch's results: a gzipped tar of lists as JSON, each answer in it as text. Nothing is written anywhere and no
 * name in the file is used; what is larger than a limit is refused before it is unpacked further.
 * https://mailchimp.com/developer/marketing/docs/batch-operations/
 *
 * @throws InchwormError "server" for a file that is broken or too large
 */
export async function readResults(
  packed: AsyncIterable<Uint8Array>,
  label: string,
  limits = fileLimits,
): Promise<OperationResult[]> {
  const results: OperationResult[] = [];
  const tooLarge = () => new InchwormError("server", `${label}: the file of results is too large.`);

  async function* counted(source: AsyncIterable<Uint8Array>, most: number) {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > most) throw tooLarge();
      yield chunk;
    }
  }

  const tar = extract();
  const reading = (async () => {
    let entries = 0;
    for await (const entry of tar) {
      if (++entries > limits.entries) throw tooLarge();
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      if (entry.header.type === "file") results.push(...answersIn(Buffer.concat(chunks)));
    }
  })();
  const ended = await Promise.allSettled([
    reading.catch((error: unknown) => {
      tar.destroy();
      throw error;
    }),
    pipeline(
      Readable.from(counted(packed, limits.packedBytes)),
      createGunzip(),
      (unpacked: AsyncIterable<Uint8Array>) => counted(unpacked, limits.bytes),
      tar,
    ),
  ]);
  const failures = ended.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  const known = failures.find((failure) => InchwormError.is(failure));
  if (known !== undefined) throw known;
  if (failures.length > 0) {
    throw new InchwormError("server", `${label}: the file of results is broken.`);
  }
  return results;
}

/** Some entries are empty. */
function answersIn(data: Buffer): OperationResult[] {
  const text = data.toString("utf8").trim();
  if (text === "") return [];
  const list: unknown = JSON.parse(text);
  return (Array.isArray(list) ? list : []).flatMap((entry: unknown) => {
    const { operation_id, status_code, response } = (entry ?? {}) as Record<string, unknown>;
    if (typeof operation_id !== "string" || typeof status_code !== "number") return [];
    return [{ operationId: operation_id, status: status_code, body: bodyOf(response) }];
  });
}

function bodyOf(response: unknown): Record<string, unknown> {
  let body = response;
  if (typeof response === "string") {
    try {
      body = JSON.parse(response);
    } catch {
      return {};
    }
  }
  return typeof body === "object" && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : {};
}
