import path from "node:path";
import { build } from "esbuild";

/**
 * Bundles the child's entry as the production build does, for tests and benchmarks that run from the sources.
 * Returns the entry's path.
 */
export async function bundleExtractChild(folder: string): Promise<string> {
  await build({
    entryPoints: [path.join(import.meta.dirname, "extract-child.ts")],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // Packages in CommonJS ask for Node's own modules with `require`, which an ES module does not have.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return path.join(folder, "extract-child.mjs");
}
