import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testStore } from "@inchworm/testing";
import { afterAll } from "vitest";
import { openStore } from "./store.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-conformance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

testStore({ name: "DuckDB", open: (name) => openStore(join(folder, `${name}.duckdb`)) });
