import { OBJECT_BYTES_MAX } from "@/lib/core/limits";
import { extensionOf } from "@/lib/rules/filters";
import type { SkipReason } from "@/lib/rules/tally";
import { isArchived, type ListedObject } from "@/lib/source/source";

/**
 * Endings of files that never hold text Sluice can take out, so that films and archives are not fetched to learn it.
 * Everything else is told by its bytes.
 */
const UNREAD_ENDINGS = new Set(
  [
    "png jpg jpeg gif webp avif heic heif bmp tif tiff ico psd ai raw cr2 nef",
    "mp3 wav flac ogg oga opus m4a aac wma mid midi",
    "mp4 m4v mov avi mkv webm wmv flv mpg mpeg 3gp",
    "zip gz tgz bz2 tbz2 xz txz zst lz4 lzma 7z rar tar cab iso dmg img vmdk qcow2",
    "exe dll so dylib a o obj lib class jar war apk ipa msi deb rpm wasm pyc",
    "woff woff2 ttf otf eot",
    "sqlite db mdb parquet avro orc arrow feather npy npz pkl h5 bin dat model onnx safetensors gguf",
  ].flatMap((line) => line.split(" ")),
);

/**
 * Why an object is left out before any byte of it is read; null when it is eligible. Decided from the listing alone.
 *
 *   key ends with "/" and 0 bytes   directory_marker
 *   0 bytes                         empty
 *   Glacier or Deep Archive         archived
 *   more than 50 MB                 too_large
 *   an ending that holds no text    unsupported_type
 */
export function skipReasonOf(object: ListedObject): SkipReason | null {
  if (object.sizeBytes === 0) return object.key.endsWith("/") ? "directory_marker" : "empty";
  if (isArchived(object.storageClass)) return "archived";
  if (object.sizeBytes > OBJECT_BYTES_MAX) return "too_large";
  if (UNREAD_ENDINGS.has(extensionOf(object.key))) return "unsupported_type";
  return null;
}
