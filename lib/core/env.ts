import path from "node:path";
import { z } from "zod";
import { API_KEY_CHARS_MIN, KEPT_DAYS_MAX, RUN_CHANGES_KEPT_DAYS, RUNS_KEPT_DAYS } from "./limits";

const onOff = z
  .enum(["on", "off", "true", "false", "1", "0", ""])
  .transform((word) => word === "on" || word === "true" || word === "1");

const days = z.coerce
  .number(`must be a whole number of days from 1 to ${KEPT_DAYS_MAX}`)
  .int("must be a whole number of days")
  .min(1, "must be at least 1 day")
  .max(KEPT_DAYS_MAX, `must be at most ${KEPT_DAYS_MAX} days`);

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const variables = z.object({
  PORT: z.coerce.number("must be a number from 1 to 65535").int().min(1).max(65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  SLUICE_URL: z.url({ protocol: /^https?$/ }).optional(),
  SLUICE_TRUST_PROXY: onOff.default(false),
  SLUICE_DATA_DIR: z.string().min(1).default("./data"),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: "must be a URL that begins with postgres:// or postgresql://",
    })
    .optional(),
  SLUICE_SECRET_KEY: z.string().min(1).optional(),
  SLUICE_SECRET_KEY_PREVIOUS: z.string().min(1).optional(),
  SLUICE_API_KEY: z
    .string()
    .min(API_KEY_CHARS_MIN, `must have at least ${API_KEY_CHARS_MIN} characters`)
    .optional(),
  SLUICE_ADMIN_EMAIL: z.email().optional(),
  SLUICE_ADMIN_PASSWORD: z.string().min(1).optional(),
  SLUICE_ALLOW_ENDPOINTS: z.string().min(1).optional(),
  SLUICE_ALLOW_AMBIENT_CREDENTIALS: onOff.default(false),
  SLUICE_LEAN_S3: onOff.default(true),
  SLUICE_KEEP_CHANGES_DAYS: days.default(RUN_CHANGES_KEPT_DAYS),
  SLUICE_KEEP_RUNS_DAYS: days.default(RUNS_KEPT_DAYS),
  SLUICE_LOG_LEVEL: z.enum(LOG_LEVELS).default("info"),
});

/** For how many days what runs did to each key is kept, and the runs themselves. A run outlives its changes. */
export type KeptDays = { changes: number; runs: number };

export type Env = {
  port: number;
  host: string;
  /** The public origin, without a slash at its end. */
  url: string;
  trustProxy: boolean;
  /** Absolute. */
  dataDir: string;
  /** A PostgreSQL that several processes may share; null: SQLite in the data folder. */
  databaseUrl: string | null;
  secretKey: string | null;
  secretKeyPrevious: string | null;
  apiKey: string | null;
  admin: { email: string; password: string } | null;
  /** Hosts or networks, comma separated, that endpoints may name; null: the default rules. */
  allowEndpoints: string | null;
  /** Whether a connection may use the credentials of this machine, towards AWS alone. */
  allowAmbientCredentials: boolean;
  /** Whether pages and objects are asked for without the SDK's machinery. */
  leanS3: boolean;
  keep: KeptDays;
  logLevel: (typeof LOG_LEVELS)[number];
};

/**
 * Reads the environment once, at a door. Throws an Error whose message names every wrong variable.
 * An empty variable counts as not set, as compose files write it.
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = variables.safeParse(given);
  if (!parsed.success) throw new Error(wrongVariables(parsed.error));
  const values = parsed.data;
  if (values.DATABASE_URL !== undefined && values.SLUICE_SECRET_KEY === undefined) {
    throw new Error(
      "SLUICE_SECRET_KEY: must be given with DATABASE_URL, since all that share the database need the same key. Make one with: openssl rand -base64 32",
    );
  }
  return {
    port: values.PORT,
    host: values.HOST,
    url: (values.SLUICE_URL ?? `http://${urlHost(values.HOST)}:${values.PORT}`).replace(/\/+$/, ""),
    trustProxy: values.SLUICE_TRUST_PROXY,
    dataDir: path.resolve(values.SLUICE_DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    secretKey: values.SLUICE_SECRET_KEY ?? null,
    secretKeyPrevious: values.SLUICE_SECRET_KEY_PREVIOUS ?? null,
    apiKey: values.SLUICE_API_KEY ?? null,
    admin: adminOf(values.SLUICE_ADMIN_EMAIL, values.SLUICE_ADMIN_PASSWORD),
    allowEndpoints: values.SLUICE_ALLOW_ENDPOINTS ?? null,
    allowAmbientCredentials: values.SLUICE_ALLOW_AMBIENT_CREDENTIALS,
    leanS3: values.SLUICE_LEAN_S3,
    keep: keptDays(values.SLUICE_KEEP_CHANGES_DAYS, values.SLUICE_KEEP_RUNS_DAYS),
    logLevel: values.SLUICE_LOG_LEVEL,
  };
}

function adminOf(email: string | undefined, password: string | undefined): Env["admin"] {
  if (email === undefined && password === undefined) return null;
  if (email === undefined || password === undefined) {
    throw new Error("SLUICE_ADMIN_EMAIL and SLUICE_ADMIN_PASSWORD: set both, or neither.");
  }
  return { email, password };
}

function keptDays(changes: number, runs: number): KeptDays {
  if (changes <= runs) return { changes, runs };
  throw new Error(
    `SLUICE_KEEP_CHANGES_DAYS: must be at most SLUICE_KEEP_RUNS_DAYS (${runs}), since changes go with their run.`,
  );
}

/** A wildcard address is no place to send a browser to. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function wrongVariables(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n");
}
