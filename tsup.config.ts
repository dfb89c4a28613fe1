import { existsSync } from "node:fs";
import { defineConfig } from "tsup";

// Each package runs this from its own folder: `npm run build` makes the JavaScript, `npm run types` the declarations.
const types = process.env.npm_lifecycle_event === "types";

export default defineConfig({
  entry: ["src/index.ts", "src/main.ts"].filter((file) => existsSync(file)),
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: true,
  dts: types && {
    only: true,
    compilerOptions: { ignoreDeprecations: "6.0", rootDir: "../..", customConditions: [] },
  },
});
