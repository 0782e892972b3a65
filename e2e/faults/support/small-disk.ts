import { spawn } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";

/** A file system of its own in memory, that a test can fill and make room on. */
export type SmallDisk = {
  folder: string;
  /** Leaves so many bytes free. */
  fill(leftBytes: number): Promise<void>;
  makeRoom(): Promise<void>;
  /** Unmounts it; what is on it is gone. */
  release(): Promise<void>;
};

/**
 * Waits for the end of its input and unmounts then: that is the end of whoever asked for the disk, even by a kill.
 */
const GUARD =
  'mount -t tmpfs -o "size=$2" sluice-small-disk "$1" && echo mounted && read -r _; umount -l "$1"; rmdir "$1"';

/**
 * Null where nothing may be mounted: that takes root, and more in some containers. It stands where other users can get
 * to it, since a PostgreSQL is never root's.
 */
export async function openSmallDisk(sizeBytes: number): Promise<SmallDisk | null> {
  const folder = await mkdtemp("/tmp/sluice-small-disk-");
  const guard = spawn("sh", ["-c", GUARD, "sh", folder, String(sizeBytes)], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => guard.once("exit", () => resolve()));
  const isMounted = await Promise.race([
    new Promise<boolean>((resolve) => guard.stdout.once("data", () => resolve(true))),
    gone.then(() => false),
  ]);
  if (!isMounted) return null;
  const filler = path.join(folder, "filler");
  return {
    folder,
    fill: async (leftBytes) => {
      const { bavail, bsize } = await statfs(folder);
      const filling = writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
      // Whoever has written since has less left to him; the disk is full all the same.
      await filling.catch((thrown) => {
        if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC")) throw thrown;
      });
    },
    makeRoom: () => rm(filler),
    release: async () => {
      guard.stdin.end();
      await gone;
    },
  };
}
