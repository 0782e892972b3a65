import type { Tx } from "../database";

/**
 * Locks by name, for what no row stands for. Whoever asks waits in a row with the others, so nobody waits for ever; a
 * row that is locked for sharing again and again would never be free for the one who changes it.
 *
 * On SQLite they cost nothing: a transaction is alone anyway.
 */

/** From here until the transaction ends nobody else holds the lock of this name. */
export async function holdAlone({ sql }: Tx, name: string): Promise<void> {
  if (sql.dialect.namedLocks) await sql.get(sql.dialect.namedLocks.alone, name);
}

/** From here until the transaction ends nobody holds the lock of this name alone. */
export async function holdTogether({ sql }: Tx, name: string): Promise<void> {
  if (sql.dialect.namedLocks) await sql.get(sql.dialect.namedLocks.together, name);
}
