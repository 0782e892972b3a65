import pino, { type Logger } from "pino";

export type { Logger };

/** Names under which a secret may travel. Pino matches one level a star, so each depth is listed. */
const SECRET_NAMES = [
  "secretAccessKey",
  "accessKeyId",
  "sessionToken",
  "credentials",
  "password",
  "authorization",
  "cookie",
  "apiKey",
  "token",
  "sealedCredentials",
  '["x-api-key"]',
];
const DEPTHS = ["", "*.", "*.*."];

/** One JSON line an event on stdout. No transport threads: they do not live through a bundle. */
export function createLog(args: { level: string; part: string }): Logger {
  return pino({
    level: args.level,
    base: { part: args.part },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redactedPaths(), censor: "[secret]" },
  });
}

function redactedPaths(): string[] {
  return DEPTHS.flatMap((depth) =>
    SECRET_NAMES.map((name) => (name.startsWith("[") ? `${depth.replace(/\.$/, "")}${name}` : depth + name)),
  );
}
