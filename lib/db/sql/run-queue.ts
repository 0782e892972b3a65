import type { Tx } from "../database";

/** What the queue of a connection depends on. */
export type QueueFacts = { revision: number; paused_at: number | null; is_reread_owed: number };

/**
 * Keeps everybody else from queueing or changing runs of this connection until the transaction ends, so that what is
 * read of its queue stays true. Undefined when the connection is gone.
 */
export async function lockQueue({ sql }: Tx, connectionId: string): Promise<QueueFacts | undefined> {
  return sql.get<QueueFacts>(
    `SELECT revision, paused_at, is_reread_owed FROM connection WHERE id = ? AND deleted_at IS NULL
     ${sql.dialect.locking("FOR NO KEY UPDATE")}`,
    connectionId,
  );
}
