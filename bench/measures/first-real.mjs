import { measureFirstSyncs } from "./first-syncs.mjs";

/** A first sync of text objects of 1 to 4 KB from the real server beside a copy of the same by rclone. */
export async function measureFirstSyncOfReal(bench) {
  const server = await bench.realServer();
  bench.report.say("\nfilling a bucket of the real server");
  const source = await server.fill(bench.sizes.realFirst);
  await measureFirstSyncs(bench, {
    source,
    what: "text objects of 1-4 KB, real server",
    shareOfPeerMax: 1.2,
  });
}
