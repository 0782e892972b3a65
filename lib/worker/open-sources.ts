import { IDLE_SOURCE_MS } from "@/lib/core/limits";
import type { ObjectSource, RequestPace } from "@/lib/source/source";
import type { FailedReads } from "@/lib/sync/read-batch";
import { type ConnectionPace, meterPace, openRequestPace } from "@/lib/sync/request-pace";
import { compileScope, type Scope } from "@/lib/sync/scope";
import { openStageClock, type StageClock } from "@/lib/sync/stages";
import type { ClaimedConnection } from "./claimed-connection";
import { type CostMeter, meteredSource } from "./metered-source";

/** A connection's bucket while this process works on a run of it: one set of sockets, and one measure of the cost. */
export type OpenedSource = CostMeter & {
  connection: ClaimedConnection;
  source: ObjectSource;
  scope: Scope;
  stages: StageClock;
  failures: FailedReads;
  /** Whether the store could be sent more requests than it is. */
  bearsMore(): boolean;
  /** Given back; the sockets are closed when nobody has asked for it again for a while. */
  release(): void;
};

/** Opens the bucket; throws SluiceError when its settings cannot be used. */
export type OpenSource = (connection: ClaimedConnection, pace: RequestPace) => ObjectSource;

export type OpenSources = {
  /** The bucket that is open for this run, if it is. */
  acquireOpen(runId: string): OpenedSource | null;
  acquire(connection: ClaimedConnection, runId: string): OpenedSource;
  /** So many workers live side by side, this one among them, and share what each store may be asked. */
  shareRates(workers: number): void;
  close(): void;
};

type Entry = Omit<OpenedSource, "release" | "bearsMore"> & {
  holders: number;
  closing: NodeJS.Timeout | null;
  pace: ConnectionPace;
};

/**
 * Shared by those who list and those who read for a run. All runs of a connection keep to one pace: what a canceled one
 * leaves under way is waited for, and is on its own account.
 */
export function openSources(args: { open: OpenSource; random: () => number }): OpenSources {
  const entries = new Map<string, Entry>();
  let workers = 1;
  const rateOf = ({ requestRateMax }: ClaimedConnection) =>
    requestRateMax === null ? null : requestRateMax / workers;

  const closeEntry = (runId: string, entry: Entry) => {
    if (entry.closing) clearTimeout(entry.closing);
    entry.source.close();
    entries.delete(runId);
  };
  const release = (runId: string, entry: Entry) => {
    entry.holders -= 1;
    if (entry.holders > 0) return;
    entry.closing = setTimeout(() => closeEntry(runId, entry), IDLE_SOURCE_MS);
    entry.closing.unref();
  };

  const hold = (runId: string, entry: Entry): OpenedSource => {
    if (entry.closing) clearTimeout(entry.closing);
    entry.closing = null;
    entry.holders += 1;
    let isReleased = false;
    const { connection, source, scope, stages, failures, drainCost, giveBackCost } = entry;
    return {
      connection,
      source,
      scope,
      stages,
      failures,
      bearsMore: entry.pace.bearsMore,
      drainCost,
      giveBackCost,
      release: () => {
        if (!isReleased) release(runId, entry);
        isReleased = true;
      },
    };
  };

  /** That of the connection's other runs, where one is open. */
  const paceOf = (opening: ClaimedConnection): ConnectionPace => {
    const { id, revision } = opening;
    const isSame = ({ connection }: Entry) => connection.id === id && connection.revision === revision;
    const shared = [...entries.values()].find(isSame)?.pace;
    const monotonicMs = () => performance.now();
    return shared ?? openRequestPace({ rateMax: rateOf(opening), monotonicMs, random: args.random });
  };

  return {
    acquireOpen: (runId) => {
      const entry = entries.get(runId);
      return entry ? hold(runId, entry) : null;
    },
    acquire: (connection, runId) => {
      const entry = entries.get(runId) ?? openEntry(connection, paceOf(connection), args.open);
      entries.set(runId, entry);
      return hold(runId, entry);
    },
    shareRates: (living) => {
      workers = living;
      for (const { pace, connection } of entries.values()) pace.keepTo(rateOf(connection));
    },
    close: () => {
      for (const [runId, entry] of [...entries]) closeEntry(runId, entry);
    },
  };
}

function openEntry(connection: ClaimedConnection, pace: ConnectionPace, open: OpenSource): Entry {
  const scope = compileScope(connection.settings);
  const stages = openStageClock();
  const metered = meterPace(pace);
  return {
    connection,
    scope,
    pace,
    ...meteredSource(open(connection, metered), { pace: metered, stages }),
    stages,
    failures: { inARow: 0, deciding: null },
    holders: 0,
    closing: null,
  };
}
