import path from "node:path";
import { defineConfig } from "vitest/config";

const alias = { "@": path.resolve(import.meta.dirname) };

/** Rooms with tests that keep their rows in a database; they and the doors stand on SQLite and on PostgreSQL. */
const ROOMS_WITH_ROWS =
  "{api-keys,auth,commands,connections,db,documents,holds,http,search,sync-runs,use-cases,worker}";

/**
 * `unit` needs nothing but the checkout. `postgres` is those of its tests that have to do with a database, on a server
 * that it starts itself or that `SLUICE_TEST_DATABASE_URL` names. `integration` needs the S3 server that `npm test`
 * starts.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          // Loading every module anew for every file costs more than the tests; none of them leaves a mark behind.
          isolate: false,
          // Most of what takes long waits: for a time-out, a disk, a child process. Two cores carry twice as many.
          maxWorkers: 4,
          include: ["{lib,app,components,bench}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts", "**/*postgres*.test.ts"],
          env: { SLUICE_TEST_DATABASE_URL: "" },
          globalSetup: "lib/db/testing/folder-setup.ts",
          testTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "postgres",
          isolate: false,
          // Vitest leaves one core free; tests that wait for a server can have it.
          maxWorkers: 2,
          // Projects that differ in their workers run one after the other.
          sequence: { groupOrder: 1 },
          include: [`lib/${ROOMS_WITH_ROWS}/**/*.test.ts`, "app/**/*.test.ts"],
          exclude: ["**/*.integration.test.ts", "**/*sqlite*.test.ts"],
          globalSetup: "lib/db/testing/postgres-setup.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
