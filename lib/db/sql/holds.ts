import type { Tx } from "../database";

/** The documents of a dismissed hold stay until their objects return. */
export async function keepHeldDocuments({ sql }: Tx, holdId: string): Promise<void> {
  await sql.run(
    `UPDATE object SET is_absence_kept = TRUE, missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = (SELECT connection_id FROM hold WHERE id = ?1)
       AND key IN (SELECT key FROM hold_key WHERE hold_id = ?1)`,
    holdId,
  );
}
