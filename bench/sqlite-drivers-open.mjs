/** Opens a driver under Sluice's own statements. */
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Null, with a sentence on the console, when the package is not there. */
export async function openDriver(name, folderOfPackage, folder) {
  let entry;
  try {
    entry = createRequire(import.meta.url).resolve(folderOfPackage ? path.resolve(folderOfPackage) : name);
  } catch {
    console.log(`${name} is not installed; give its folder with --${name} to have it in the comparison.`);
    return null;
  }
  const bundle = path.join(folder, `${name}.mjs`);
  await bundleStatements(entry, bundle);
  const statements = await import(pathToFileURL(bundle).href);
  const handle = openMigrated(statements, path.join(folder, `${name}.db`));
  return { name, bundle, statements, handle, sql: statements.sqliteSession(handle) };
}

async function bundleStatements(driverEntry, outfile) {
  const { build } = await import("esbuild");
  const rooms = [
    "sqlite-handle",
    "sqlite-session",
    "migrate-sqlite",
    "sql/manifest",
    "sql/outcomes",
    "sql/documents",
    "sql/search-index",
  ];
  await build({
    stdin: {
      contents: rooms.map((room) => `export * from "@/lib/db/${room}";`).join("\n"),
      resolveDir: ROOT,
    },
    plugins: [
      {
        name: "the driver under test",
        setup: (one) => one.onResolve({ filter: /^libsql$/ }, () => ({ path: driverEntry, external: true })),
      },
    ],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
}

export function openMigrated(statements, file) {
  const handle = statements.openSqliteHandle(file);
  statements.migrateSqlite(handle, path.join(ROOT, "prisma/migrations"), 0);
  return handle;
}
