import path from "node:path";
import { defineConfig } from "vitest/config";

const WORDS = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

/**
 * The built program under everything that goes wrong around it, on SQLite and on PostgreSQL. Needs the build and the
 * S3 server of `npm test`.
 */
export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    testTimeout: 240_000,
    hookTimeout: 180_000,
    // Most of the time is waiting; each file has installations and buckets of its own.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        test: {
          name: "faults",
          include: ["e2e/faults/**/*.test.ts"],
          exclude: ["**/*postgres*.test.ts"],
          env: { ...WORDS, SLUICE_TEST_DATABASE_URL: "" },
        },
      },
      {
        extends: true,
        test: {
          name: "faults on PostgreSQL",
          include: ["e2e/faults/*.test.ts"],
          globalSetup: "lib/db/testing/postgres-setup.ts",
          env: WORDS,
        },
      },
    ],
  },
});
