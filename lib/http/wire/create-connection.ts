import { z } from "zod";
import { type ConnectBucketInput, connectBucketInput } from "@/lib/connections/schema";
import { invalidInput } from "@/lib/core/errors";
import { parseInput } from "../parse-input";
import { isSettingName, nestSettings, settingProblem, settingValue } from "./connection-settings";
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

const body = wireTagFields.extend({
  documentLimit: z.number().nullish(),
  metadata: z.record(z.string(), settingValue).nullish(),
  redirectUrl: z.string().nullish(),
});

/**
 * Reads the body of `POST /v3/connections/s3`. Settings travel in `metadata`; a former version of the API had them
 * beside it, so both places are read. Whatever else stands in `metadata` is the sender's own and is given back as it
 * came. Throws `invalid_input` that names the field as the sender wrote it; never repeats a value.
 */
export function readCreateBody(sent: unknown): { input: ConnectBucketInput; redirectUrl: string | null } {
  const { metadata, documentLimit, redirectUrl, ...tags } = parseInput(body, sent);
  const beside = z.record(z.string(), z.unknown()).catch({}).parse(sent);
  const settings = Object.entries({ ...beside, ...metadata }).filter(([, value]) => value !== "");
  const parsed = connectBucketInput.safeParse({
    // Without any word on credentials they are an access key, and it is missing.
    credentials: {},
    ...nestSettings(Object.fromEntries(settings)),
    containerTags: tagsFrom(tags),
    documentLimit: documentLimit ?? undefined,
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).filter(([name]) => !isSettingName(name))),
  });
  if (!parsed.success) throw settingProblem(parsed.error);
  return { input: parsed.data, redirectUrl: redirectUrl ?? null };
}

/** S3 needs no consent page, so there is none to go to. The external id is for the trust policy of an assumed role. */
export function createdToWire(
  created: { id: string; externalId: string | null },
  redirectUrl: string | null,
): Record<string, string> {
  return {
    id: created.id,
    authLink: "",
    expiresIn: "",
    ...(redirectUrl === null ? {} : { redirectsTo: redirectUrl }),
    ...(created.externalId === null ? {} : { externalId: created.externalId }),
  };
}
