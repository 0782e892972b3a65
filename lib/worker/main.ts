import { availableParallelism } from "node:os";
import path from "node:path";
import { systemClock } from "@/lib/core/clock";
import { readEnv } from "@/lib/core/env";
import { EXTRACT_CHILDREN, SHUTDOWN_MS, STORE_THREAD_CORES_MIN } from "@/lib/core/limits";
import { createLog } from "@/lib/core/log";
import { openDatabase } from "@/lib/db/database";
import { embeddedDestination } from "@/lib/destination/embedded";
import { openExtractor } from "@/lib/extract/child-pool";
import { canReadNow } from "@/lib/extract/extract";
import { openInstallationVault } from "@/lib/secrets/secret-key";
import { localStores } from "./batch-stores";
import { openClaimedSource } from "./open-claimed-source";
import { openQueue } from "./open-queue";
import { openSources } from "./open-sources";
import { openSpareTime } from "./spare-time";
import { openThreadedStores } from "./threaded-stores";
import { work } from "./worker";

/** The worker's process: from its start to its end. */
const env = readEnv(process.env);
const log = createLog({ level: env.logLevel, part: "worker" });
const place = { databaseUrl: env.databaseUrl, dataDir: env.dataDir };
// What a worker writes comes from the bucket, and comes from there again.
const database = openDatabase({ ...place, log, durability: "replayable" });
const vault = openInstallationVault(env);
const besideThis = (name: string) => path.join(import.meta.dirname, name);
const extractor = openExtractor({ entry: besideThis("extract-child.mjs"), children: EXTRACT_CHILDREN });
const hasCoreForThread = availableParallelism() >= STORE_THREAD_CORES_MIN;
const stores =
  env.databaseUrl === null && hasCoreForThread
    ? openThreadedStores({ entry: besideThis("store-thread.mjs"), data: { place, logLevel: env.logLevel } })
    : localStores({ database, destination: embeddedDestination, now: systemClock });

const stopping = new AbortController();
const end = () => {
  stopping.abort();
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
};
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, end);
// The supervisor's end is this process's end, however it came about.
process.on("disconnect", end);

const queue = await openQueue({ databaseUrl: env.databaseUrl, log, now: systemClock });
const deps = {
  database,
  destination: embeddedDestination,
  stores,
  extractor,
  canReadNow,
  sources: openSources({
    open: openClaimedSource({
      vault,
      allowEndpoints: env.allowEndpoints,
      allowAmbientCredentials: env.allowAmbientCredentials,
      lean: env.leanS3,
    }),
    random: Math.random,
  }),
  queue,
  keep: env.keep,
  log,
  hasTime: openSpareTime(),
  now: systemClock,
  random: Math.random,
};
await work(deps, stopping.signal);
await queue.close();
await stores.close();
await extractor.close();
await database.close();
process.exit(0);
