import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { ZIP_ENTRIES_MAX, ZIP_RATIO_MAX, ZIP_TOTAL_BYTES_MAX } from "@/lib/core/limits";

/** What an archive's central directory declares. Reading it unpacks nothing. */
export type ZipDirectory = {
  names: string[];
  unpackedBytes: number;
  packedBytes: number;
  hasMoreEntries: boolean;
};

/** Null when the bytes hold no readable central directory: the archive is damaged. */
export async function readZipDirectory(bytes: Uint8Array): Promise<ZipDirectory | null> {
  const directory: ZipDirectory = {
    names: [],
    unpackedBytes: 0,
    packedBytes: bytes.length,
    hasMoreEntries: false,
  };
  try {
    for await (const entry of (await openZip(bytes)).eachEntry()) {
      if (directory.names.length === ZIP_ENTRIES_MAX) return { ...directory, hasMoreEntries: true };
      directory.names.push(entry.fileName);
      directory.unpackedBytes += entry.uncompressedSize;
    }
    return directory;
  } catch {
    return null;
  }
}

/** A sentence that says why an archive is not opened, or null when it may be. `noun` names it: `Word document`. */
export function refuseZip(directory: ZipDirectory, noun: string): string | null {
  const { unpackedBytes, packedBytes } = directory;
  if (directory.hasMoreEntries)
    return `The ${noun} holds more than ${ZIP_ENTRIES_MAX} parts and is not opened.`;
  if (unpackedBytes > ZIP_TOTAL_BYTES_MAX) {
    return `The ${noun} unpacks to ${megabytes(unpackedBytes)}, more than the ${megabytes(ZIP_TOTAL_BYTES_MAX)} allowed, and is not opened.`;
  }
  if (unpackedBytes > packedBytes * ZIP_RATIO_MAX) {
    return `The ${noun} unpacks to more than ${ZIP_RATIO_MAX} times its size and is not opened.`;
  }
  return null;
}

/**
 * Unpacks the named parts one after another, each no further than the size its directory entry declares,
 * so that an archive that lies about its sizes is found out at the first byte too many.
 *
 * Rejects when a part is longer or shorter than declared or cannot be unpacked.
 */
export async function unpackParts(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  onPart: (name: string, content: Buffer) => void,
): Promise<void> {
  const zip = await openZip(bytes);
  for await (const entry of zip.eachEntry()) {
    if (isWanted(entry.fileName)) onPart(entry.fileName, await unpack(zip, entry));
  }
}

async function unpack(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function openZip(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return fromBufferPromise(buffer, { lazyEntries: true, validateEntrySizes: true });
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}
