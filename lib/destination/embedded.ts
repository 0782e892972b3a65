import { CHUNKS_A_TRANSACTION_MAX } from "@/lib/core/limits";
import { replaceTags, retagDocuments } from "@/lib/db/sql/document-tags";
import { removeDocuments, storeDocuments } from "@/lib/db/sql/documents";
import { failDocuments, refreshDocuments, setDocumentsAside } from "@/lib/db/sql/failed-documents";
import {
  beginStaging,
  deleteChunksAhead,
  deleteRetiredChunks,
  hasRetiredChunks,
  isLong,
  retireAbandoned,
  stageChunks,
} from "@/lib/db/sql/long-documents";
import type { Destination } from "./destination";

/** Sluice's own documents, chunks and search index. Nothing else to install. */
export const embeddedDestination: Destination = {
  prepare: async (write, document, now) => {
    if (!isLong(document)) return;
    await write((tx) => beginStaging(tx, document, now));
    for (let position = 0; position < document.chunks.length; position += CHUNKS_A_TRANSACTION_MAX) {
      await write((tx) => stageChunks(tx, document, position));
    }
  },
  prepareRemoval: async (write, ids) => {
    while ((await write((tx) => deleteChunksAhead(tx, ids))) === CHUNKS_A_TRANSACTION_MAX);
  },
  abandon: retireAbandoned,
  tidy: async (read, write) => {
    while (await read(hasRetiredChunks)) await write(deleteRetiredChunks);
  },
  store: storeDocuments,
  retag: retagDocuments,
  moveTags: replaceTags,
  fail: failDocuments,
  setAside: setDocumentsAside,
  refresh: refreshDocuments,
  remove: removeDocuments,
};
