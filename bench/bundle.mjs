import { build } from "tsup";

/** Bundles modules of the sources, as they are now, for a fresh process: `entry`, `outDir` and `outbase` as tsup has them, `external` for more that stays outside. */
export const bundle = ({ external = [], ...where }) =>
  build({
    ...where,
    external: ["@duckdb/node-api", "jsforce", "ml-matrix", "onnxruntime-node", ...external],
    noExternal: [/^@inchworm\//],
    esbuildOptions: (esbuild) => {
      esbuild.conditions = ["@inchworm/source"];
    },
    format: "esm",
    target: "node20",
    config: false,
    silent: true,
    clean: true,
  });
