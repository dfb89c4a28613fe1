/**
 * A process that writes into a store until it is killed, for tests: `writer.mjs PATH ingest`, `writer.mjs PATH import FOLDER` or
 * `writer.mjs PATH hold`. It says on its output what has been acknowledged, a line each.
 */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../store.js";
import { pageOf, source } from "./pages.js";

const [path, mode, folder] = process.argv.slice(2);
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const store = await openStore(path);
say("open");
if (mode === "hold") setInterval(() => undefined, 1000);
if (mode === "ingest") {
  const cursor = await store.cursor(source.name);
  for (let page = Number(cursor?.page ?? -1) + 1; ; page++) {
    await store.ingest(source, pageOf(page));
    say(`${page}`);
  }
}
if (mode === "import") {
  for (let file = 0; ; file++) {
    const { added } = await store.importFile("orders", join(folder, `${file % 8}.csv`));
    say(`${file % 8} ${added}`);
  }
}
