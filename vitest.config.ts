import path from "node:path";
import { defineConfig } from "vitest/config";

const alias = { "@": path.resolve(import.meta.dirname) };

/** `unit` needs nothing but the checkout; `integration` needs the S3 server that `npm test` starts. */
export default defineConfig({
  resolve: { alias },
  test: {
    // Vitest leaves one core free; tests that wait for a disk or a child process can have it.
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          // Loading every module anew for every file costs more than the tests; none of them leaves a mark behind.
          isolate: false,
          include: ["{lib,app,components,bench}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["lib/**/*.integration.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
