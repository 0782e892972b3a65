import { recordAudit } from "@/lib/audit/record-audit";
import type { ConnectionSettings } from "@/lib/connections/columns";
import { makeDue } from "@/lib/connections/make-due";
import { compareSettings, mergeSettings, type SettingsDifference } from "@/lib/connections/merge-settings";
import { oweReread } from "@/lib/connections/owe-reread";
import { readSettings, type StoredSettings } from "@/lib/connections/read-settings";
import { type ChangeConnectionInput, type Credentials, openCredentials } from "@/lib/connections/schema";
import { updateConnection } from "@/lib/connections/update-connection";
import { type Actor, labelOf } from "@/lib/core/actor";
import type { Database, Tx } from "@/lib/db/database";
import { nextRunAt } from "@/lib/rules/schedule";
import type { Vault } from "@/lib/secrets/vault";
import { cutQueuedRun } from "@/lib/sync-runs/cut-runs";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { checkBucket, type SourceRules } from "./check-bucket";
import { changedFacts } from "./setting-facts";

type ChangeArgs = {
  actor: Actor;
  read: Database["reading"];
  write: Database["transaction"];
  input: ChangeConnectionInput & { id: string };
  vault: Vault;
  sourceRules: SourceRules;
  signal: AbortSignal;
  now: number;
};

/** A change that was thought through and tried, and waits to be written. */
type Change = SettingsDifference & {
  former: StoredSettings;
  settings: ConnectionSettings;
  credentials: Credentials;
  areCredentialsNew: boolean;
  /** Undefined where nothing was tried, or what was known of the same store still holds. */
  isIfMatchHonoured: boolean | null | undefined;
};

/**
 * Changes what is set of a connection.
 *
 *   what is new                                   tried for real   revision   then
 *   credentials, bucket, endpoint, region,        yes              raised     a run is queued; the run under way
 *   addressing style, CA, prefix                                              ends as superseded
 *   filters, tags, regex                          no               raised     the same
 *   limit, deletion policy, rate, schedule        no               stays      from the next run or at once
 *   nothing                                       no               stays      nothing is written
 *
 * In another bucket everything is read again, since documents carry the name of theirs. Of a paused connection the
 * run is owed until it is resumed. Rejects with the check's error, with `conflict` when somebody else has changed the
 * connection meanwhile, and with `not_found`; then nothing is stored.
 */
export async function changeConnection(args: ChangeArgs): Promise<void> {
  const { actor, input } = args;
  const former = await args.read((tx) => readSettings({ actor, tx, input }));
  const change = await tryChange(args, former);
  const { isScopeNew, areCredentialsNew } = change;
  const { before, after } = changedFacts(former.settings, change.settings, areCredentialsNew);
  if (Object.keys(after).length === 0) return;
  args.signal.throwIfAborted();
  await args.write(async (tx) => {
    await storeChange(tx, args, change);
    if (isScopeNew || areCredentialsNew) await replaceRuns(tx, args, change);
    await recordAudit(tx, {
      actor,
      now: args.now,
      action: "connection.changed",
      subject: { kind: "connection", id: input.id },
      before,
      after,
    });
  });
}

async function tryChange(args: ChangeArgs, former: StoredSettings): Promise<Change> {
  const settings = mergeSettings(former.settings, args.input);
  const sealed = openCredentials(args.vault.open(former.sealedCredentials));
  const credentials = args.input.credentials ?? sealed;
  const difference = compareSettings(former.settings, settings);
  if (!difference.isReachNew && args.input.credentials === undefined) {
    const untried = { areCredentialsNew: false, isIfMatchHonoured: undefined };
    return { ...difference, former, settings, credentials, ...untried };
  }
  const check = await checkBucket({ ...args, input: { ...settings, credentials } });
  if (check.error) throw check.error;
  const tried = { ...settings, region: check.foundRegion ?? settings.region };
  return {
    ...compareSettings(former.settings, tried),
    former,
    settings: tried,
    credentials: check.credentials,
    areCredentialsNew: JSON.stringify(check.credentials) !== JSON.stringify(sealed),
    isIfMatchHonoured: difference.isReachNew
      ? check.isIfMatchHonoured
      : (check.isIfMatchHonoured ?? undefined),
  };
}

async function storeChange(tx: Tx, { actor, input, vault, now }: ChangeArgs, change: Change): Promise<void> {
  const { former, settings, credentials, areCredentialsNew } = change;
  await updateConnection({
    actor,
    tx,
    now,
    input: {
      id: input.id,
      madeFromUpdatedAt: former.updatedAt,
      settings,
      sealedCredentials: areCredentialsNew
        ? vault.seal(JSON.stringify(credentials))
        : former.sealedCredentials,
      isNewScope: change.isScopeNew || areCredentialsNew,
      isIfMatchHonoured: change.isIfMatchHonoured,
      nextRunAt: change.isScheduleNew ? nextRunAt(settings.schedule, now, Math.random(), 0) : undefined,
    },
  });
}

/** A plan of the former settings is worth nothing, so it does not keep the new ones from being synced. */
async function replaceRuns(tx: Tx, { actor, input, now }: ChangeArgs, change: Change): Promise<void> {
  const reason = {
    errorCode: "superseded",
    error: "The connection was changed while the run waited.",
  } as const;
  const kinds = ["plan", "apply"] as const;
  await cutQueuedRun({ actor, tx, now, input: { connectionId: input.id, kinds, reason } });
  const kind = change.isElsewhere ? "reread" : "sync";
  // Owed until it is done: the connection may be paused, or the run canceled.
  if (change.isElsewhere) await oweReread(tx, input.id);
  const request = { connectionId: input.id, kind, trigger: "event", requestedBy: labelOf(actor) } as const;
  const { outcome } = await enqueueRun({ tx, now, input: request });
  if (outcome === "refused") await makeDue(tx, input.id, now);
}
