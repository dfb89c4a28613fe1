import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  resolve: { conditions: ["@inchworm/source", "module", "node", "development|production"] },
  ssr: {
    resolve: { conditions: ["@inchworm/source", "module", "node", "development|production"] },
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    // a process for each file would spend half of the time loading the same modules again
    isolate: false,
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./test/last-line.reporter.ts"],
  },
});
