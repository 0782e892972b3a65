import type { Tx } from "@/lib/db/database";
import type { FailedDocument, StoredDocument } from "@/lib/db/sql/documents";

export type { FailedDocument, StoredDocument };

/**
 * Where documents go. Every method runs in the transaction that also records the outcome of the objects, so that
 * both are true or neither.
 */
export interface Destination {
  /** Puts documents in their newest version; a former version is wholly replaced. */
  store(tx: Tx, documents: readonly StoredDocument[], now: number): Promise<void>;
  retag(tx: Tx, documents: readonly { id: string; tags: string }[], now: number): Promise<void>;
  /** Shows failures: stale where text is stored, otherwise a document without text. */
  fail(tx: Tx, documents: readonly FailedDocument[], now: number): Promise<void>;
  /** The object holds no text any more: stored text stays and is stale. */
  setAside(tx: Tx, documents: readonly { id: string; error: string }[], now: number): Promise<void>;
  /** What is stored is the bucket's version again. */
  refresh(tx: Tx, ids: readonly string[]): Promise<void>;
  remove(tx: Tx, ids: readonly string[]): Promise<void>;
}
