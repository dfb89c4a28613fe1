import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** Who may import whom (production code). Everything may import itself, Node, and its declared npm dependencies. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  spec: [],
  learn: [],
  kit: ["spec"],
  store: ["spec"],
  sync: ["spec"],
  testing: ["spec"],
  sandbox: ["spec"],
  core: ["spec", "learn", "store", "sync"],
  report: ["spec", "core"],
};
const adapter = ["spec", "kit"];
const everything = "cli";

const folder = new URL("../packages", import.meta.url).pathname;
const packages = readdirSync(folder).sort();

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional: boolean }>;
  readonly [key: string]: unknown;
}

const manifest = (name: string): Manifest =>
  JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8"));

const sources = (name: string): string[] =>
  readdirSync(join(folder, name, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ts$/.test(file))
    .map((file) => join(folder, name, "src", file));

const isTest = (file: string) => /\.test\.ts$|__fixtures__/.test(file);

/** Names in `from "…"`, `import "…"` and `import("…")`. */
const specifiers = /(?:^import|(?<!["'])\bfrom|(?<![.\w"])import\()\s*["']([^"'\n]+)["']\)?/gm;
const imports = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(specifiers)].map((match) => match[1]);

const npmName = (specifier: string) =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

describe.each(packages)("packages/%s", (name) => {
  const own = manifest(name);
  const may = name === everything ? packages : (allowed[name] ?? adapter);

  it("imports only in the direction of the house", () => {
    const wrong = sources(name)
      .filter((file) => !isTest(file))
      .flatMap((file) => imports(file).map((specifier) => ({ file, specifier })))
      .filter(({ specifier }) => specifier.startsWith("@inchworm/"))
      .filter(({ specifier }) => {
        const other = npmName(specifier).slice("@inchworm/".length);
        return other !== name && !may.includes(other);
      });
    expect(wrong).toEqual([]);
  });

  it("declares what it imports, and nothing else", () => {
    const wanted = new Set<string>();
    const wantedByTests = new Set<string>();
    for (const file of sources(name))
      for (const specifier of imports(file)) {
        if (/^(\.|node:)/.test(specifier)) continue;
        (isTest(file) ? wantedByTests : wanted).add(npmName(specifier));
      }
    // an optional peer is named where it is loaded, so that bundlers and type checks do without it
    for (const peer of Object.keys(own.peerDependenciesMeta ?? {}))
      if (sources(name).some((file) => readFileSync(file, "utf8").includes(`"${peer}"`)))
        wanted.add(peer);
    const declared = new Set([
      ...Object.keys(own.dependencies ?? {}),
      ...Object.keys(own.peerDependencies ?? {}),
    ]);
    expect([...wanted].filter((specifier) => !declared.has(specifier))).toEqual([]);
    expect([...declared].filter((specifier) => !wanted.has(specifier))).toEqual([]);
    const forTests = new Set([...declared, ...Object.keys(own.devDependencies ?? {})]);
    const ours = [...wantedByTests].filter((specifier) => specifier.startsWith("@inchworm/"));
    expect(ours.filter((specifier) => !forTests.has(specifier) && specifier !== own.name)).toEqual(
      [],
    );
  });

  it("is laid out like its siblings", () => {
    const { name: npm, version, license, type, engines, files, exports, scripts } = own;
    expect({ npm, version, license, type, engines, files, exports }).toEqual({
      npm: `@inchworm/${name}`,
      version: "0.1.0",
      license: "MIT",
      type: "module",
      engines: { node: ">=20.19.0" },
      files: ["dist"],
      exports: {
        ".": {
          "@inchworm/source": "./src/index.ts",
          types: "./dist/index.d.ts",
          default: "./dist/index.js",
        },
      },
    });
    expect(scripts).toMatchObject({
      build: "tsup --config ../../tsup.config.ts",
      types: "tsup --config ../../tsup.config.ts",
    });
    const pinned = Object.values(own.dependencies ?? {});
    expect(pinned.filter((range) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([]);
  });

  it("re-exports by name from index.ts, and declares nothing there", () => {
    const index = readFileSync(join(folder, name, "src", "index.ts"), "utf8");
    expect(index).not.toMatch(/export \*|export (const|function|class|interface|default)/);
  });
});

describe("the tree", () => {
  it("has every package of the house on the list or as an adapter", () => {
    const known = new Set([...Object.keys(allowed), everything]);
    const adapters = packages.filter((name) => !known.has(name));
    for (const name of adapters)
      expect(Object.keys(manifest(name).dependencies ?? {})).toContain("@inchworm/kit");
  });
});
