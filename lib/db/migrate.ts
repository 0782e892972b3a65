import path from "node:path";
import { DATABASE_FILE, type DatabasePlace } from "./database";
import { migratePostgres } from "./migrate-postgres";
import { migrateSqlite } from "./migrate-sqlite";
import { openSqliteHandle } from "./sqlite-handle";

/**
 * Brings the database up to this program's schema; each of the two has a history of its own. Keeps Prisma's own table
 * (`_prisma_migrations`), so Prisma's commands agree with what they find.
 *
 * Rejects with a sentence for the operator when the database cannot be reached or is newer than the program, or when
 * a migration that it has was changed afterwards.
 */
export async function migrateDatabase(
  place: DatabasePlace & { root: string; now: number },
): Promise<{ applied: string[] }> {
  const { databaseUrl, dataDir, root, now } = place;
  if (databaseUrl !== null)
    return migratePostgres(databaseUrl, path.join(root, "prisma/postgres/migrations"), now);
  const handle = openSqliteHandle(path.join(dataDir, DATABASE_FILE));
  try {
    return migrateSqlite(handle, path.join(root, "prisma/migrations"), now);
  } finally {
    handle.close();
  }
}
