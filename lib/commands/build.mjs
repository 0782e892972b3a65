import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generate } from "./generate.mjs";
import { runQuietly } from "./run-quietly.mjs";

/** What a build is made of. Anything newer than the stamp asks for another build. */
const SOURCES = [
  "app",
  "components",
  "lib",
  "prisma",
  "instrumentation.ts",
  "proxy.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "prisma.config.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];
const IGNORED = new Set(["generated", "testing"]);
const STAMP = "dist/built";

/** Whether anything that is built is missing or older than what it is made of. */
export function needsBuild(root) {
  const stamp = path.join(root, STAMP);
  if (!existsSync(stamp) || !existsSync(path.join(root, ".next/BUILD_ID"))) return true;
  const builtAt = statSync(stamp).mtimeMs;
  return SOURCES.some((source) => isNewer(path.join(root, source), builtAt));
}

function isNewer(file, builtAt) {
  if (!existsSync(file)) return false;
  const status = statSync(file);
  if (!status.isDirectory()) return status.mtimeMs > builtAt && !file.includes(".test.");
  return readdirSync(file).some((name) => !IGNORED.has(name) && isNewer(path.join(file, name), builtAt));
}

/** Generates the database client, bundles the processes that Next.js does not build, and builds the pages. */
export async function build(root) {
  const startedAt = new Date();
  // Pieces of an earlier build have names of their own and would stay for ever.
  rmSync(path.join(root, "dist"), { recursive: true, force: true });
  await generate(root);
  await bundle(root);
  await runQuietly(root, "node_modules/next/dist/bin/next", ["build"]);
  mkdirSync(path.join(root, "dist"), { recursive: true });
  writeFileSync(path.join(root, STAMP), "");
  // A file saved while the build went on is newer than its start.
  utimesSync(path.join(root, STAMP), startedAt, startedAt);
}

async function bundle(root) {
  const esbuild = await import("esbuild");
  const common = {
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    // What is imported in the middle of the work, such as PostgreSQL or a PDF's reader, is loaded then.
    splitting: true,
    logLevel: "error",
    absWorkingDir: root,
  };
  await esbuild.build({
    ...common,
    entryPoints: {
      worker: "lib/worker/main.ts",
      "store-thread": "lib/worker/store-thread.ts",
      commands: "lib/commands/entry.ts",
    },
    packages: "external",
    sourcemap: true,
  });
  await esbuild.build({
    ...common,
    entryPoints: { "extract-child": "lib/extract/extract-child.ts" },
    // Packages in CommonJS ask for Node's own modules with `require`, which an ES module does not have.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  // A process of 145 MB, which would stay for as long as what is started now.
  await esbuild.stop();
}
