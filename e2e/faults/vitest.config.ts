import path from "node:path";
import { defineConfig } from "vitest/config";

/** The built program under everything that goes wrong around it. Needs the build and the S3 server of `npm test`. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    name: "faults",
    include: ["e2e/faults/**/*.test.ts"],
    testTimeout: 240_000,
    hookTimeout: 180_000,
    // Most of the time is waiting; each file has installations and buckets of its own.
    maxWorkers: 2,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
});
