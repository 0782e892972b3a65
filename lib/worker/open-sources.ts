import { IDLE_SOURCE_MS } from "@/lib/core/limits";
import type { RunCost } from "@/lib/db/sql/run-progress";
import type { ObjectSource } from "@/lib/source/source";
import type { FailedReads } from "@/lib/sync/read-batch";
import { type MeteredPace, openRequestPace } from "@/lib/sync/request-pace";
import { openStageClock, type StageClock } from "@/lib/sync/stages";
import type { ClaimedConnection } from "./claimed-connection";
import { meteredSource } from "./metered-source";

/** A connection's bucket while this process works on it: one set of sockets, one pace, one measure of the cost. */
export type OpenedSource = {
  connection: ClaimedConnection;
  source: ObjectSource;
  stages: StageClock;
  failures: FailedReads;
  /** What was spent since the last call. */
  drainCost(): RunCost;
  /** Given back; the sockets are closed when nobody has asked for it again for a while. */
  release(): void;
};

/** Opens the bucket; throws SluiceError when its settings cannot be used. */
export type OpenSource = (connection: ClaimedConnection, pace: MeteredPace) => ObjectSource;

export type OpenSources = {
  /** The bucket of this revision of a connection, if it is open. */
  acquireOpen(connectionId: string, revision: number): OpenedSource | null;
  acquire(connection: ClaimedConnection): OpenedSource;
  close(): void;
};

type Entry = Omit<OpenedSource, "release"> & { holders: number; closing: NodeJS.Timeout | null };

/** Shared by those who list and those who read, so that both keep to one pace. */
export function openSources(args: { open: OpenSource; random: () => number }): OpenSources {
  const entries = new Map<string, Entry>();

  const closeEntry = (name: string, entry: Entry) => {
    if (entry.closing) clearTimeout(entry.closing);
    entry.source.close();
    entries.delete(name);
  };
  const release = (name: string, entry: Entry) => {
    entry.holders -= 1;
    if (entry.holders > 0) return;
    entry.closing = setTimeout(() => closeEntry(name, entry), IDLE_SOURCE_MS);
    entry.closing.unref();
  };

  const hold = (name: string, entry: Entry): OpenedSource => {
    if (entry.closing) clearTimeout(entry.closing);
    entry.closing = null;
    entry.holders += 1;
    let isReleased = false;
    const { connection, source, stages, failures, drainCost } = entry;
    return {
      connection,
      source,
      stages,
      failures,
      drainCost,
      release: () => {
        if (!isReleased) release(name, entry);
        isReleased = true;
      },
    };
  };

  return {
    acquireOpen: (connectionId, revision) => {
      const name = nameOf(connectionId, revision);
      const entry = entries.get(name);
      return entry ? hold(name, entry) : null;
    },
    acquire: (connection) => {
      const name = nameOf(connection.id, connection.revision);
      const entry = entries.get(name) ?? openEntry(connection, args);
      entries.set(name, entry);
      return hold(name, entry);
    },
    close: () => {
      for (const [name, entry] of [...entries]) closeEntry(name, entry);
    },
  };
}

/** Another revision may have another bucket or other credentials. */
function nameOf(connectionId: string, revision: number): string {
  return `${connectionId}:${revision}`;
}

function openEntry(connection: ClaimedConnection, args: { open: OpenSource; random: () => number }): Entry {
  const { requestRateMax } = connection;
  const pace = openRequestPace({
    rateMax: requestRateMax,
    monotonicMs: () => performance.now(),
    random: args.random,
  });
  const stages = openStageClock();
  const metered = meteredSource(args.open(connection, pace), { pace, stages });
  return { connection, ...metered, stages, failures: { inARow: 0 }, holders: 0, closing: null };
}
