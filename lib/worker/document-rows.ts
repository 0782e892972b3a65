import { hash } from "node:crypto";
import { CUSTOM_ID_CHARS_MAX, TITLE_CHARS_MAX } from "@/lib/core/limits";
import type { FailedDocument, StoredDocument } from "@/lib/destination/destination";
import { sliceUnits } from "@/lib/extract/clean-text";
import { EXTRACTOR_VERSION } from "@/lib/extract/extract";
import { nameOfKey, objectUri, originOf } from "@/lib/rules/object-uri";
import type { SkipReason } from "@/lib/rules/tally";
import type { ListedObject } from "@/lib/source/source";
import type { ReadOutcome } from "@/lib/sync/batch-store";
import type { RunSettings } from "@/lib/sync/scope";

type Place = { connectionId: string; settings: RunSettings };

/** The document of an object that was read. */
export function storedDocument(
  place: Place,
  outcome: Extract<ReadOutcome, { kind: "stored" }>,
): StoredDocument {
  const { queued, document } = outcome;
  const { object } = queued;
  // Written into the one object: spreading both into a third takes many times as long.
  return Object.assign(documentOf(place, object, queued.documentId), {
    title: document.title ?? titleOf(object),
    type: document.type,
    content: document.text,
    contentHash: sha256(document.text),
    metadata: {
      bucket: place.settings.bucket,
      key: object.key,
      sizeBytes: object.sizeBytes,
      lastModified: new Date(object.lastModified).toISOString(),
    },
    sourceEtag: outcome.etag,
    extractorVersion: EXTRACTOR_VERSION,
    isCut: document.isCut || document.areChunksCut,
    tags: queued.tags,
    titleTokens: document.titleTokens,
    chunks: document.chunks,
  });
}

/** The document that makes a failure visible. */
export function failedDocument(
  place: Place,
  failure: { object: ListedObject; documentId: string; tags: string; error: string },
): FailedDocument {
  const { object, documentId, tags, error } = failure;
  return Object.assign(documentOf(place, object, documentId), { title: titleOf(object), tags, error });
}

/** What a document says whether its object could be read or not. */
function documentOf({ connectionId, settings }: Place, object: ListedObject, id: string) {
  const url = objectUri(settings.bucket, object.key);
  return {
    id,
    connectionId,
    objectKey: object.key,
    origin: originOf(settings),
    customId: customIdOf(url),
    url,
    sizeBytes: object.sizeBytes,
    sourceModified: object.lastModified,
  };
}

const NOW_WITHOUT_TEXT: Record<SkipReason, string> = {
  directory_marker: "The object is a directory marker now.",
  empty: "The object holds no text now.",
  too_large: "The object is larger than 50 MB now.",
  unsupported_type: "The object is of a type without text now.",
  filtered: "The connection's filters leave the object out now.",
  archived: "The object is archived now; restore it in the store to have it read.",
  deleted_by_person: "A person deleted this document.",
  no_tag: "The object's key has no container tag now.",
  drifted: "The object has changed since the plan was made.",
  vanished: "The object was gone when it was to be read.",
};

/** What a stored document says whose object has become something Sluice cannot read. */
export function staleSentence(reason: SkipReason): string {
  return `${NOW_WITHOUT_TEXT[reason]} What is stored is its former version.`;
}

/** What a document is called whose text gives no title. */
function titleOf(object: ListedObject): string {
  return sliceUnits(nameOfKey(object.key), TITLE_CHARS_MAX);
}

/** A URI too long for a custom ID is named by its hash; the whole of it stands in `url`. */
function customIdOf(uri: string): string {
  return uri.length <= CUSTOM_ID_CHARS_MAX ? uri : `s3:sha256:${sha256(uri)}`;
}

function sha256(text: string): string {
  return hash("sha256", text);
}
