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
    });
  } finally {
    await source.stop();
  }
}
