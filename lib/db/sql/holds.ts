import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";

/** The documents of a dismissed hold stay until their objects return. */
export async function keepHeldDocuments(tx: Tx, holdId: string): Promise<void> {
  prepareOnce(
    tx.handle,
    `UPDATE object SET is_absence_kept = 1, missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = (SELECT connection_id FROM hold WHERE id = ?1)
       AND key IN (SELECT key FROM hold_key WHERE hold_id = ?1)`,
  ).run(holdId);
}
