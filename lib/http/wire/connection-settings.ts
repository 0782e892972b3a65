import { z } from "zod";
import { invalidInput, type SluiceError } from "@/lib/core/errors";

/** What a setting may be on the wire. Lists are also written as one text, for SDKs whose `metadata` has no lists. */
export const settingValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

type Group = "own" | "credentials" | "filters" | "schedule";

/** Settings by their name in `metadata`, with the group and the name under which the verbs take them. */
const PLACES = {
  bucket: ["own", "bucket"],
  region: ["own", "region"],
  endpoint: ["own", "endpoint"],
  addressingStyle: ["own", "addressingStyle"],
  caPem: ["own", "caPem"],
  prefix: ["own", "prefix"],
  containerTagRegex: ["own", "containerTagRegex"],
  tagFallback: ["own", "tagFallback"],
  deletionPolicy: ["own", "deletionPolicy"],
  requestRateMax: ["own", "requestRateMax"],
  credentialsKind: ["credentials", "kind"],
  accessKeyId: ["credentials", "accessKeyId"],
  secretAccessKey: ["credentials", "secretAccessKey"],
  sessionToken: ["credentials", "sessionToken"],
  roleArn: ["credentials", "roleArn"],
  externalId: ["credentials", "externalId"],
  includeGlobs: ["filters", "includeGlobs"],
  excludeGlobs: ["filters", "excludeGlobs"],
  extensions: ["filters", "extensions"],
  sizeBytesMin: ["filters", "sizeBytesMin"],
  sizeBytesMax: ["filters", "sizeBytesMax"],
  schedule: ["schedule", "kind"],
  scheduleCron: ["schedule", "cron"],
  scheduleTimeZone: ["schedule", "timeZone"],
  scheduleIntervalMinutes: ["schedule", "intervalMs"],
} as const satisfies Record<string, readonly [Group, string]>;

type SettingName = keyof typeof PLACES;

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(PLACES, name);
}

/** Settings from the wire as the verbs take them. What is no setting is left out, and so are groups nobody speaks of. */
export function nestSettings(sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const groups: Record<Group, Record<string, unknown>> = {
    own: {},
    credentials: {},
    filters: {},
    schedule: {},
  };
  for (const [name, value] of Object.entries(sent)) {
    if (!isSettingName(name)) continue;
    const [group, field] = PLACES[name];
    groups[group][field] = translateValue(name, value);
  }
  const { own, credentials, filters, schedule } = groups;
  return {
    ...own,
    ...(isSaid(credentials) ? { credentials: nestBase(credentials) } : {}),
    ...(isSaid(filters) ? { filters } : {}),
    ...(isSaid(schedule) ? { schedule: withKind(schedule) } : {}),
  };
}

const isSaid = (group: object) => Object.keys(group).length > 0;

const LISTS: ReadonlySet<SettingName> = new Set(["includeGlobs", "excludeGlobs", "extensions"]);
const MINUTE_MS = 60_000;

function translateValue(name: SettingName, value: unknown): unknown {
  if (name === "scheduleIntervalMinutes" && typeof value === "number") return value * MINUTE_MS;
  return LISTS.has(name) && typeof value === "string" ? splitList(value) : value;
}

/** A list written as one text: parts end at a comma outside braces, or with the line. */
function splitList(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [piece] of text.matchAll(/\\.|./gsu)) {
    if (piece === "{") depth += 1;
    if (piece === "}") depth = Math.max(0, depth - 1);
    const isEnd = piece === "\n" || (piece === "," && depth === 0);
    if (isEnd) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${piece}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** An access key beside a role is the one that assumes it. Without a kind it is all there is. */
function nestBase({ kind, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const credentials = kind == null ? rest : { kind, ...rest };
  if (kind !== "role") return credentials;
  const { accessKeyId, secretAccessKey, sessionToken, ...role } = credentials;
  const isKeySent = [accessKeyId, secretAccessKey, sessionToken].some((part) => part !== undefined);
  return isKeySent ? { ...role, base: { accessKeyId, secretAccessKey, sessionToken } } : role;
}

/** An expression or an interval alone says its kind. Where one, or the kind, is taken away, the usual interval is left. */
function withKind(schedule: Record<string, unknown>): Record<string, unknown> {
  const { kind, cron, intervalMs } = schedule;
  if (kind != null) return schedule;
  const isTakenAway = cron == null && [kind, cron, intervalMs].includes(null);
  return { ...schedule, kind: isTakenAway || intervalMs != null ? "interval" : "cron" };
}

const TOP_LEVEL = new Set(["containerTags", "documentLimit", "metadata"]);

/** The first problem of settings, with the field as its sender wrote it. Never repeats a credential. */
export function settingProblem(error: z.ZodError): SluiceError {
  const [issue] = error.issues;
  if (issue?.code === "unrecognized_keys") {
    return invalidInput(`metadata.${issue.keys[0]}`, "does not go with this kind of credentials");
  }
  const isMissing = issue?.code === "invalid_type" && issue.message.includes("undefined");
  return invalidInput(
    wireField(issue?.path ?? []),
    isMissing ? "is required" : (issue?.message ?? "is not what is expected here"),
  );
}

function wireField(path: readonly PropertyKey[]): string {
  const parts = path.map(String);
  const [group, field] = parts.filter((part) => part !== "base");
  const nested = Object.entries(PLACES).find(([, place]) => place[0] === group && place[1] === field);
  if (nested) return `metadata.${nested[0]}`;
  return TOP_LEVEL.has(parts[0] ?? "") ? parts.join(".") : `metadata.${parts.join(".")}`;
}
