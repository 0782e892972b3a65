import type { Tx } from "@/lib/db/database";
import type { StoredDocument } from "@/lib/db/sql/documents";
import type { FailedDocument, OutdatedDocument } from "@/lib/db/sql/failed-documents";

export type { FailedDocument, OutdatedDocument, StoredDocument };

/** Runs work in one short transaction. */
export type Write = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/**
 * Where documents go. Every method that takes a `tx` runs in the transaction that also records the outcome of the
 * objects, so that both are true or neither.
 */
export interface Destination {
  /**
   * Work of a long document that is done ahead of `store`, in short transactions of its own: each call of `write` is
   * one. Nothing of it is found before `store`, and what a crash leaves of it is replaced by the next attempt.
   */
  prepare(write: Write, document: StoredDocument, now: number): Promise<void>;
  /**
   * Takes away some of what `store` and `remove` have left of former versions, and of what `prepare` has made for
   * documents that nobody is about to store; says whether there may be more.
   */
  tidy(read: Write, write: Write): Promise<boolean>;
  /** Work on the index that storing has put off. It keeps no writer waiting, however long it takes. */
  mergeIndex(read: Write): Promise<void>;
  /** Puts documents in their newest version; a former version is wholly replaced. */
  store(tx: Tx, documents: readonly StoredDocument[], now: number): Promise<void>;
  retag(tx: Tx, documents: readonly { id: string; tags: string }[], now: number): Promise<void>;
  /** The same for documents that stay stale or without text: nothing but who may see them changes. */
  moveTags(tx: Tx, documents: readonly { id: string; tags: string }[]): Promise<void>;
  /** Shows failures: stale where text is stored, otherwise a document without text. */
  fail(tx: Tx, documents: readonly FailedDocument[], now: number): Promise<void>;
  /** The object holds no text any more: stored text stays and is stale; a document without text goes. */
  setAside(tx: Tx, documents: readonly OutdatedDocument[], now: number): Promise<void>;
  /** What is stored is no longer the bucket's version: it is stale. A document without text stays as it is. */
  outdate(tx: Tx, documents: readonly OutdatedDocument[], now: number): Promise<void>;
  /** What is stored is the bucket's version again. */
  refresh(tx: Tx, ids: readonly string[]): Promise<void>;
  /** Removes the first of these, as many as a transaction may take away and one at least; resolves with their ids. */
  remove(tx: Tx, ids: readonly string[]): Promise<readonly string[]>;
}
