import { z } from "zod";
import {
  CA_PEM_CHARS_MAX,
  CONTAINER_TAGS_MAX,
  DOCUMENT_LIMIT_DEFAULT,
  DOCUMENT_LIMIT_MAX,
  KEY_BYTES_MAX,
  REQUESTS_PER_SECOND_MAX,
} from "@/lib/core/limits";
import { compileContainerTagRegex, isContainerTag } from "@/lib/rules/container-tag";
import { compileFilters, NO_FILTERS } from "@/lib/rules/filters";
import { scheduleProblem } from "@/lib/rules/schedule";

/** What each setting of a connection must look like, whoever says it and when, and what holds where nobody says it. */

export const containerTag = z
  .string()
  .refine(isContainerTag, "must be 1 to 100 letters, digits, underscores, hyphens or colons");

export const containerTags = z.array(containerTag).max(CONTAINER_TAGS_MAX);

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

const accessKey = {
  accessKeyId: z.string().trim().min(1, "is required").max(512),
  secretAccessKey: z.string().trim().min(1, "is required").max(1_024),
  /** Of credentials that end by themselves. */
  sessionToken: z.string().trim().min(1).max(8_192).nullable().default(null),
};

/** An access key, as a form asks for it. */
export const keyCredentials = z.strictObject({ kind: z.literal("keys").default("keys"), ...accessKey });

const roleCredentials = z.strictObject({
  kind: z.literal("role"),
  roleArn: z
    .string()
    .trim()
    .max(2_048)
    .regex(/^arn:[a-z0-9-]+:iam::[^:]*:role\/\S+$/, "is not the ARN of a role, arn:aws:iam::…:role/…"),
  /** Made by Sluice; see `external-id.ts`. */
  externalId: z.string().max(1_224).nullable().default(null),
  /** Who assumes the role; null: what the server itself runs as. */
  base: z.object(accessKey).nullable().default(null),
});

/** How a bucket is signed for. What was sealed before there were kinds has none, and is an access key. */
export const credentials = z.discriminatedUnion(
  "kind",
  [
    keyCredentials,
    roleCredentials,
    z.strictObject({ kind: z.literal("ambient") }),
    z.strictObject({ kind: z.literal("anonymous") }),
  ],
  { error: "must be keys, role, ambient or anonymous" },
);
export type Credentials = z.infer<typeof credentials>;

/** What was sealed, opened. Throws an Error that repeats nothing of it, as a parser's own would. */
export function openCredentials(plain: string): Credentials {
  const parsed = credentials.safeParse(jsonOf(plain));
  if (parsed.success) return parsed.data;
  throw new Error("The sealed credentials of a connection are not of a shape that this version knows.");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const CREDENTIAL_KINDS: readonly Credentials["kind"][] = ["keys", "role", "ambient", "anonymous"];

/** Only what its kind uses is kept. */
export const schedule = z
  .object({
    kind: z.enum(["interval", "cron", "manual"]),
    cron: z.string().trim().max(200).nullable().default(null),
    timeZone: z.string().trim().max(64).nullable().default(null),
    intervalMs: z.number().int().nullable().default(null),
  })
  .superRefine((value, context) => {
    const problem = scheduleProblem(value);
    const path = [value.kind === "interval" ? "intervalMs" : "cron"];
    if (problem) context.addIssue({ code: "custom", path, message: problem });
  })
  .transform(({ kind, cron, timeZone, intervalMs }) => ({
    kind,
    cron: kind === "cron" ? cron : null,
    timeZone: kind === "cron" ? timeZone : null,
    intervalMs: kind === "interval" ? intervalMs : null,
  }));
export type Schedule = z.infer<typeof schedule>;

/** Null is a list that is taken away. */
const texts = z
  .array(z.string())
  .nullable()
  .transform((list) => list ?? []);
const sizeBytes = z.number().int().min(0).nullable();

/** Some filters; those that are not said are left to whoever asks. */
export const someFilters = z
  .object({
    includeGlobs: texts,
    excludeGlobs: texts,
    extensions: texts,
    sizeBytesMin: sizeBytes,
    sizeBytesMax: sizeBytes,
  })
  .partial()
  .superRefine((value, context) => {
    const compiled = compileFilters({ ...NO_FILTERS, ...value });
    if (!("problem" in compiled)) return;
    context.addIssue({ code: "custom", path: [compiled.field], message: compiled.problem });
  });

export const settingShape = {
  /** Bucket names as S3 and its relatives take them; the store has the last word. */
  bucket: z
    .string()
    .trim()
    .min(1, "is required")
    .max(255, "must have at most 255 characters")
    .regex(/^[a-zA-Z0-9._-]+$/, "may have letters, digits, dots, hyphens and underscores only"),
  region: z
    .string()
    .trim()
    .min(1, "is required")
    .max(64)
    .regex(/^[a-zA-Z0-9-]+$/, "is not a region name"),
  /** Base URL of an S3-compatible store, without the bucket; null means AWS. */
  endpoint: z.string().trim().max(2_048).nullable(),
  addressingStyle: z.enum(["path", "virtual"]),
  /** Of an authority that the endpoint's certificate comes from. */
  caPem: z
    .string()
    .trim()
    .max(CA_PEM_CHARS_MAX)
    .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, "is not a certificate in PEM text")
    // It is kept as it is, for everybody to see.
    .refine((text) => !text.includes("PRIVATE KEY"), "holds a private key; give the certificate alone")
    .nullable(),
  prefix: z
    .string()
    .refine((text) => utf8Length(text) <= KEY_BYTES_MAX, `must have at most ${KEY_BYTES_MAX} bytes`),
  containerTagRegex: z
    .string()
    .superRefine((source, context) => {
      const compiled = compileContainerTagRegex(source);
      if ("problem" in compiled) context.addIssue({ code: "custom", message: compiled.problem });
    })
    .nullable(),
  tagFallback: z.enum(["connection_tags", "skip"]),
  containerTags,
  documentLimit: z.number().int().min(1).max(DOCUMENT_LIMIT_MAX),
  deletionPolicy: z.enum(["remove", "keep"]),
  /** Requests a second that the store is asked at most; null: as many as it bears. */
  requestRateMax: z.number().int().min(1).max(REQUESTS_PER_SECOND_MAX).nullable(),
};

/** Of settings that always have a value: what holds when nobody says one. */
export const USUAL_SETTINGS = {
  tagFallback: "connection_tags",
  documentLimit: DOCUMENT_LIMIT_DEFAULT,
  deletionPolicy: "remove",
} as const;

/** The same where settings are changed: null takes one away, and what holds is the usual one. */
export const changedSettingShape = {
  ...settingShape,
  /** Null: the usual one of the bucket at its endpoint. */
  addressingStyle: settingShape.addressingStyle.nullable(),
  tagFallback: settingShape.tagFallback.nullable().transform((value) => value ?? USUAL_SETTINGS.tagFallback),
  documentLimit: settingShape.documentLimit
    .nullable()
    .transform((value) => value ?? USUAL_SETTINGS.documentLimit),
  deletionPolicy: settingShape.deletionPolicy
    .nullable()
    .transform((value) => value ?? USUAL_SETTINGS.deletionPolicy),
};
