import {
  failDocuments,
  refreshDocuments,
  removeDocuments,
  retagDocuments,
  setDocumentsAside,
  storeDocuments,
} from "@/lib/db/sql/documents";
import type { Destination } from "./destination";

/** Sluice's own documents, chunks and search index. Nothing else to install. */
export const embeddedDestination: Destination = {
  store: storeDocuments,
  retag: retagDocuments,
  fail: failDocuments,
  setAside: setDocumentsAside,
  refresh: refreshDocuments,
  remove: removeDocuments,
};
