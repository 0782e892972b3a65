import { IDLE_SOURCE_MS } from "@/lib/core/limits";
import type { RunCost } from "@/lib/db/sql/run-progress";
import type { ObjectSource, RequestPace } from "@/lib/source/source";
import type { FailedReads } from "@/lib/sync/read-batch";
import { type ConnectionPace, meterPace, openRequestPace } from "@/lib/sync/request-pace";
import { compileScope, type Scope } from "@/lib/sync/scope";
import { openStageClock, type StageClock } from "@/lib/sync/stages";
import type { ClaimedConnection } from "./claimed-connection";
import { meteredSource } from "./metered-source";

/** A connection's bucket while this process works on a run of it: one set of sockets, and one measure of the cost. */
export type OpenedSource = {
  connection: ClaimedConnection;
  source: ObjectSource;
  scope: Scope;
  stages: StageClock;
  failures: FailedReads;
  /** What was spent since the last call. */
  drainCost(): RunCost;
  /** Given back; the sockets are closed when nobody has asked for it again for a while. */
  release(): void;
};

/** Opens the bucket; throws SluiceError when its settings cannot be used. */
export type OpenSource = (connection: ClaimedConnection, pace: RequestPace) => ObjectSource;

export type OpenSources = {
  /** The bucket that is open for this run, if it is. */
  acquireOpen(runId: string): OpenedSource | null;
  acquire(connection: ClaimedConnection, runId: string): OpenedSource;
  close(): void;
};

type Entry = Omit<OpenedSource, "release"> & {
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
    const { connection, source, scope, stages, failures, drainCost } = entry;
    return {
      connection,
      source,
      scope,
      stages,
      failures,
      drainCost,
      release: () => {
        if (!isReleased) release(runId, entry);
        isReleased = true;
      },
    };
  };

  /** That of the connection's other runs, where one is open. */
  const paceOf = ({ id, revision, requestRateMax }: ClaimedConnection): ConnectionPace => {
    const isSame = ({ connection }: Entry) => connection.id === id && connection.revision === revision;
    const shared = [...entries.values()].find(isSame)?.pace;
    const monotonicMs = () => performance.now();
    return shared ?? openRequestPace({ rateMax: requestRateMax, monotonicMs, random: args.random });
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
