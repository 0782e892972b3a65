import path from "node:path";
import { defineConfig } from "vitest/config";

/** The built program from outside. Needs the build and the S3 server that `npm test` prepares. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, ".."),
  test: {
    name: "api",
    include: ["e2e/api/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
});
