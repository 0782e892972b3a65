import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";

/** Bundles a program of this folder, or of a whole path, so that plain Node can run it beside. Returns the file's path. */
export async function bundleForChild(program: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${path.parse(program).name}.mjs`);
  const driver = createRequire(import.meta.url).resolve("libsql");
  await build({
    entryPoints: [path.resolve(import.meta.dirname, program)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // The driver loads its binary from beside itself.
    plugins: [
      {
        name: "the driver stays where it is installed",
        setup: (one) => one.onResolve({ filter: /^libsql$/ }, () => ({ path: driver, external: true })),
      },
    ],
    // Packages in CommonJS ask for Node's own modules with `require`, which an ES module does not have.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return outfile;
}
