import path from "node:path";
import { build } from "esbuild";

/**
 * Bundles the child's entry into one JavaScript file, as the production build does, for tests and benchmarks
 * that run from the sources. Returns the file's path.
 */
export async function bundleExtractChild(folder: string): Promise<string> {
  const outfile = path.join(folder, "extract-child.mjs");
  await build({
    entryPoints: [path.join(import.meta.dirname, "extract-child.ts")],
    outfile,
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
  return outfile;
}
