import path from "node:path";
import { systemClock } from "@/lib/core/clock";
import { readEnv } from "@/lib/core/env";
import { EXTRACT_CHILDREN, SHUTDOWN_MS } from "@/lib/core/limits";
import { createLog } from "@/lib/core/log";
import { openDatabase } from "@/lib/db/database";
import { embeddedDestination } from "@/lib/destination/embedded";
import { openExtractor } from "@/lib/extract/child-pool";
import { openInstallationVault } from "@/lib/secrets/secret-key";
import { openClaimedSource } from "./open-claimed-source";
import { openQueue } from "./open-queue";
import { openSources } from "./open-sources";
import { work } from "./worker";

/** The worker's process: from its start to its end. */
const env = readEnv(process.env);
const log = createLog({ level: env.logLevel, part: "worker" });
// What a worker writes comes from the bucket, and comes from there again.
const database = openDatabase({ ...env, log, durability: "replayable" });
const vault = openInstallationVault(env);
const extractor = openExtractor({
  entry: path.join(import.meta.dirname, "extract-child.mjs"),
  children: EXTRACT_CHILDREN,
});

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
  extractor,
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
  log,
  now: systemClock,
  random: Math.random,
};
await work(deps, stopping.signal);
await queue.close();
await extractor.close();
await database.close();
process.exit(0);
