import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { fileLimits, readResults } from "./result-file.js";

interface EntryHeader {
  readonly name: string;
  readonly type?: "directory" | "symlink";
  readonly linkname?: string;
}

async function packed(entries: readonly [EntryHeader, string][]) {
  const tar = pack();
  for (const [header, text] of entries) tar.entry(header, text);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

async function* inPieces(data: Buffer, size = 100) {
  for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

const result = (id: string, response: unknown, status = 200) => ({
  status_code: status,
  operation_id: id,
  response: JSON.stringify(response),
});
const read = (data: Buffer, limits = fileLimits) =>
  readResults(inPieces(data), "mailchimp", limits);

describe("a file of results", () => {
  it("gives the answers of all its lists, whatever its entries are called", async () => {
    const data = await packed([
      [{ name: "abc/", type: "directory" }, ""],
      [{ name: "../../etc/passwd" }, JSON.stringify([result("1", { id: "é 🐛" })])],
      [{ name: "link", type: "symlink", linkname: "/etc/passwd" }, ""],
      [{ name: "empty.json" }, ""],
      [
        { name: "/abs.json" },
        JSON.stringify([
          result("2", {}, 404),
          { status_code: 500, operation_id: "3", response: "<html>" },
          { status_code: "200", operation_id: "4" },
          null,
        ]),
      ],
    ]);
    expect(await read(data)).toEqual([
      { operationId: "1", status: 200, body: { id: "é 🐛" } },
      { operationId: "2", status: 404, body: {} },
      { operationId: "3", status: 500, body: {} },
    ]);
  });

  it("is refused when it is too large, packed or unpacked or in entries", async () => {
    const large = await packed([[{ name: "zeros" }, " ".repeat(1_000_000)]]);
    expect(large.length).toBeLessThan(10_000);
    const many = await packed(Array.from({ length: 20 }, (_, index) => [{ name: `${index}` }, ""]));
    for (const [data, limit] of [
      [large, { packedBytes: 200 }],
      [large, { bytes: 100_000 }],
      [many, { entries: 10 }],
    ] as const) {
      await expect(read(data, { ...fileLimits, ...limit })).rejects.toMatchObject({
        code: "server",
        message: expect.stringContaining("too large"),
      });
    }
  });

  it("is refused when it is broken", async () => {
    const good = await packed([[{ name: "a" }, JSON.stringify([result("1", {})])]]);
    const text = await packed([[{ name: "a" }, "[{"]]);
    for (const data of [good.subarray(0, good.length - 20), Buffer.from("<html>"), text]) {
      await expect(read(data)).rejects.toMatchObject({ code: "server" });
    }
  });
});
