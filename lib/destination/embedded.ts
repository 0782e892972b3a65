import { CHUNKS_A_TRANSACTION_MAX, ROWS_A_SWEEP_MAX } from "@/lib/core/limits";
import { replaceTags, retagDocuments } from "@/lib/db/sql/document-tags";
import { removeDocuments, storeDocuments } from "@/lib/db/sql/documents";
import {
  failDocuments,
  outdateDocuments,
  refreshDocuments,
  setDocumentsAside,
} from "@/lib/db/sql/failed-documents";
import { deleteRetired, hasAbandoned, hasRetired, retireAbandoned } from "@/lib/db/sql/hidden-chunks";
import { beginStaging, isLong, stageChunks } from "@/lib/db/sql/long-documents";
import { mergeAdded } from "@/lib/db/sql/search-index";
import type { Destination } from "./destination";

/** Sluice's own documents, chunks and search index. Nothing else to install. */
export const embeddedDestination: Destination = {
  prepare: async (write, document, now) => {
    if (!isLong(document)) return;
    const staged = await write((tx) => beginStaging(tx, document, now));
    for (let at = 0; at < document.chunks.length; at += CHUNKS_A_TRANSACTION_MAX) {
      await write((tx) => stageChunks(tx, document, { ...staged, firstPosition: at }));
    }
  },
  tidy: async (read, write) => {
    if (await read(hasAbandoned)) await write((tx) => retireAbandoned(tx, ROWS_A_SWEEP_MAX));
    return (await read(hasRetired)) && (await write(deleteRetired));
  },
  mergeIndex: (read) => read(({ sql }) => mergeAdded(sql)),
  store: storeDocuments,
  retag: retagDocuments,
  moveTags: replaceTags,
  fail: failDocuments,
  setAside: setDocumentsAside,
  outdate: outdateDocuments,
  refresh: refreshDocuments,
  remove: removeDocuments,
};
