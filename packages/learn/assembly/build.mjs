// Compiles the kernels (those named, or all) and writes them to src/kernels/*.wasm.ts. With --check it writes nothing and fails when a
// shipped file differs.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const families = ["boosting", "forest", "kmeans", "recommend", "timing"];
const root = fileURLToPath(new URL("..", import.meta.url));
const flags =
  "-O3 --noAssert --runtime stub --use abort= --enable simd,threads,bulk-memory --disableWarning 112 " +
  "--importMemory --sharedMemory --initialMemory 16 --maximumMemory 65536";

async function compile(family) {
  let bytes;
  const { error, stderr } = await asc.main(
    [`assembly/${family}.ts`, "--baseDir", root, ...flags.split(" "), "-o", "out.wasm"],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(`${base}/${name}`, "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (_name, contents) => {
        bytes = contents;
      },
      listFiles: () => null,
    },
  );
  if (error) throw new Error(`${family}: ${stderr}`, { cause: error });
  return `// Made by \`npm run wasm\` from assembly/${family}.ts. Do not edit.
export const ${family} =
  "${Buffer.from(bytes).toString("base64")}";
`;
}

const check = process.argv.includes("--check");
const named = process.argv.slice(2).filter((argument) => families.includes(argument));
for (const family of named.length > 0 ? named : families) {
  const file = `${root}src/kernels/${family}.wasm.ts`;
  const made = await compile(family);
  if (!check) writeFileSync(file, made);
  else if (readFileSync(file, "utf8") !== made) {
    console.error(
      `src/kernels/${family}.wasm.ts is not what assembly/${family}.ts compiles to: run npm run wasm.`,
    );
    process.exitCode = 1;
  }
}
