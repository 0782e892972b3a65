import { z } from "zod";
import { type ConnectBucketInput, connectBucketInput } from "@/lib/connections/schema";
import { invalidInput, type SluiceError } from "@/lib/core/errors";
import { parseInput } from "../parse-input";
import { tagsFrom, wireTagFields } from "./container-tags";

/** Providers of the API that this server does not connect. */
const OTHER_PROVIDERS = new Set([
  "notion",
  "google-drive",
  "onedrive",
  "gmail",
  "github",
  "web-crawler",
  "granola",
]);

export const S3 = "s3";

export function isProvider(segment: string): boolean {
  return segment === S3 || OTHER_PROVIDERS.has(segment);
}

/** Throws `invalid_input` unless the provider is S3. */
export function demandS3(provider: string): void {
  if (provider === S3) return;
  const sentence = OTHER_PROVIDERS.has(provider) ? "is not connected by this server" : "is not a provider";
  throw invalidInput("provider", `"${provider}" ${sentence}; use "s3".`);
}

const value = z.union([z.string(), z.number(), z.boolean()]);

const body = wireTagFields.extend({
  documentLimit: z.number().nullish(),
  metadata: z.record(z.string(), value).nullish(),
  redirectUrl: z.string().nullish(),
});

/** Settings that travel in `metadata`; a former version of the API had them beside it, so both places are read. */
const SETTING_NAMES = [
  "accessKeyId",
  "secretAccessKey",
  "bucket",
  "region",
  "endpoint",
  "prefix",
  "containerTagRegex",
  "addressingStyle",
  "tagFallback",
  "deletionPolicy",
] as const;

/**
 * Reads the body of `POST /v3/connections/s3`. Whatever else stands in `metadata` is the sender's own and is given
 * back as it came. Throws `invalid_input` that names the field as the sender wrote it; never repeats a value.
 */
export function readCreateBody(sent: unknown): { input: ConnectBucketInput; redirectUrl: string | null } {
  const { metadata, documentLimit, redirectUrl, ...tags } = parseInput(body, sent);
  const beside = z.record(z.string(), z.unknown()).catch({}).parse(sent);
  const all = { ...beside, ...metadata };
  const settings = Object.fromEntries(
    SETTING_NAMES.flatMap((name) => (all[name] === undefined || all[name] === "" ? [] : [[name, all[name]]])),
  );
  const { accessKeyId, secretAccessKey, ...location } = settings;
  const parsed = connectBucketInput.safeParse({
    ...location,
    credentials: { accessKeyId, secretAccessKey },
    containerTags: tagsFrom(tags),
    documentLimit: documentLimit ?? undefined,
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).filter(([name]) => !SETTING_NAMES.some((setting) => setting === name)),
    ),
  });
  if (!parsed.success) throw wireProblem(parsed.error);
  return { input: parsed.data, redirectUrl: redirectUrl ?? null };
}

const TOP_LEVEL = new Set(["containerTags", "documentLimit", "metadata"]);

function wireProblem(error: z.ZodError): SluiceError {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).filter((part) => part !== "credentials").join(".");
  const field = TOP_LEVEL.has(path.split(".")[0] ?? "") ? path : `metadata.${path}`;
  const isMissing = issue?.code === "invalid_type" && issue.message.includes("undefined");
  return invalidInput(field, isMissing ? "is required" : (issue?.message ?? "is not what is expected here"));
}
