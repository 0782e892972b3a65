import { FIRST_PAGES_REPEATS_MIN } from "../bounds.mjs";
import { startPageServer } from "../sources/page-server.mjs";
import { measureFirstSyncs } from "./first-syncs.mjs";

/** A first sync of small texts from the page server beside a copy of the same by rclone. */
export async function measureFirstSyncOfPages(bench) {
  const source = await startPageServer({ count: bench.sizes.first });
  try {
    await measureFirstSyncs(bench, {
      source,
      what: "small texts, page server",
      shareOfPeerMax: 1,
      repeats: bench.isFull ? Math.max(bench.repeats, FIRST_PAGES_REPEATS_MIN) : bench.repeats,
    });
  } finally {
    await source.stop();
  }
}
