import type { ListedRow } from "@/lib/db/sql/places";
import type { ListedObject } from "@/lib/source/source";

/** The object as the manifest says it was listed. */
export function listedObject(row: ListedRow): ListedObject {
  return {
    key: row.key,
    etag: row.listed_etag,
    sizeBytes: row.size_bytes,
    lastModified: row.last_modified,
    storageClass: row.storage_class,
  };
}
