import { SHUTDOWN_MS } from "@/lib/core/limits";
import { tellPeerAddress } from "./client-address-peer";
import { installation } from "./installation";

/**
 * Opens what the web process holds, and takes its end into our hands: Next.js would wait for every open stream, or
 * cut a request short (`NEXT_MANUAL_SIG_HANDLE` makes it leave the signals to us).
 */
export function startWeb(): void {
  const { env, database, log } = installation();
  tellPeerAddress({ trustProxy: env.trustProxy });
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    database.close().then(
      () => process.exit(0),
      (thrown) => {
        log.error({ err: thrown }, "the database did not close");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // The supervisor's end is this process's end, however it came about.
  process.on("disconnect", end);
}
