import { createHash } from "node:crypto";
import type { AuditFacts } from "@/lib/audit/record-audit";
import type { ConnectionSettings } from "@/lib/connections/columns";

/** What of the settings is another way, before and after. Of credentials it is only said that they are. */
export function changedFacts(
  former: ConnectionSettings,
  next: ConnectionSettings,
  areCredentialsNew: boolean,
): { before: AuditFacts; after: AuditFacts } {
  const before = settingFacts(former);
  const after = settingFacts(next);
  const changed = Object.keys(after).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const only = (facts: AuditFacts): AuditFacts =>
    Object.fromEntries(changed.map((name) => [name, facts[name] ?? null]));
  return {
    before: only(before),
    after: { ...only(after), ...(areCredentialsNew ? { credentials: "changed" } : {}) },
  };
}

/** The settings for the record, chosen one by one. Of a certificate only which one it is. */
export function settingFacts(settings: ConnectionSettings): AuditFacts {
  const { filters, schedule, caPem } = settings;
  return {
    bucket: settings.bucket,
    region: settings.region,
    endpoint: settings.endpoint,
    addressingStyle: settings.addressingStyle,
    caPem: caPem === null ? null : `sha256:${createHash("sha256").update(caPem).digest("hex")}`,
    credentialsKind: settings.credentialsKind,
    prefix: settings.prefix,
    includeGlobs: filters.includeGlobs,
    excludeGlobs: filters.excludeGlobs,
    extensions: filters.extensions,
    sizeBytesMin: filters.sizeBytesMin,
    sizeBytesMax: filters.sizeBytesMax,
    containerTagRegex: settings.containerTagRegex,
    tagFallback: settings.tagFallback,
    containerTags: settings.containerTags,
    documentLimit: settings.documentLimit,
    deletionPolicy: settings.deletionPolicy,
    requestRateMax: settings.requestRateMax,
    scheduleKind: schedule.kind,
    scheduleCron: schedule.cron,
    scheduleTimeZone: schedule.timeZone,
    scheduleIntervalMs: schedule.intervalMs,
  };
}
